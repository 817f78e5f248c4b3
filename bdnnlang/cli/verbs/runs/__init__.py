"""Verbs that make a run folder, or read one."""
