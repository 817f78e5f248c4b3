"""The least loss for each number of bytes: points of a front, each with its bound."""
