"""A model in words: the head of its file, a legend of its columns and rows, and one row or column at a time."""
