"""Neurons computed one after another from tables in flash."""
