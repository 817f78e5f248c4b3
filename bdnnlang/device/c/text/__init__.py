"""Names, numbers and the parts of a header as text."""
