"""Straight-line code: comparisons, and what follows a few neurons."""
