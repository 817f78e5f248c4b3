"""Runs as one HTML page: nothing from elsewhere, no script, every text escaped. The drawings stand in notebooks too."""
