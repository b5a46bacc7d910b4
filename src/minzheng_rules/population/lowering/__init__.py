"""Rules lowered to a plan: whole-number operations on rows, with nothing in it of how they are run."""
