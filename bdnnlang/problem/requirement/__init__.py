"""The requirements of a spec on given data: one file a kind, with what it measures exactly."""
