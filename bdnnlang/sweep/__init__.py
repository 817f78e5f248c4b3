"""A sweep is run: each of its points in a run folder of its own, in the folder of the sweep."""
