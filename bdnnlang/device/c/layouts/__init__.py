"""The folders in which C leaves, for the tools that build it."""
