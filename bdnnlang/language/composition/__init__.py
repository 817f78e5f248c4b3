"""Many specs in one text: params that take one value after another, and the spec of each point."""
