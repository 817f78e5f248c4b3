"""Ways to solve the whole problem: again after a refuted claim, and in parts."""
