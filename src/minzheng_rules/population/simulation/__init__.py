"""What a rulebook comes to for a population, what a reform would change, and at which figure a goal is met."""
