"""Many cases at once, with the same answers to the fen as one by one. Needs the extra ``minzheng_rules[population]``."""
