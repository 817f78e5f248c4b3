"""What a sweep came to: a row a point, means over seeds and folds, as text, CSV and JSON."""
