"""Plans run on NumPy: printed as readable source, compiled once, fed with blocks of whole households."""
