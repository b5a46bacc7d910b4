"""From files of rules and parameters to one immutable rulebook."""
