"""Testing rulebooks: worked cases in YAML, and cases that Hypothesis makes up."""
