"""What a rule file says: reading it, its expressions, units and types."""
