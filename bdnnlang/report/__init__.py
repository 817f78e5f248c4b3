"""Reports: data first (`summary`), then rendered."""
