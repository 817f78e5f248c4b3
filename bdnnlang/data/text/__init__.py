"""A text file on its way to a table: lines, rows, cells, and what the first line is."""
