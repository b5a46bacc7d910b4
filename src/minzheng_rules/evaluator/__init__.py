"""Deciding one case: possibilities, compiled rules, decisions and their records."""
