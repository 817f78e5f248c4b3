"""Runs as their files state them, for reports on runs that are over."""
