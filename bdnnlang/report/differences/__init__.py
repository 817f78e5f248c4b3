"""Two specs or two runs side by side: what is different, as plain data, and as text."""
