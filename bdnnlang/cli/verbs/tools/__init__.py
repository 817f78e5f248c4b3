"""Verbs about bdnnc and the solvers beside it."""
