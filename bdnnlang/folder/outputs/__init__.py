"""The files that the block `report` asks for, in a run folder."""
