"""Weights from a finite set, all of which can be looked at."""
