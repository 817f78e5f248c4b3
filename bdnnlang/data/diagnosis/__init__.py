"""What data can have wrong with them, and what is suspicious about them."""
