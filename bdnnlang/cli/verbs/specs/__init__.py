"""Verbs about a spec, before anything is solved."""
