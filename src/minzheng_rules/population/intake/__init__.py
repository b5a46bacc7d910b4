"""Tables in: reading, typing, linking and checking them."""
