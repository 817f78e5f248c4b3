"""Words for what a run came to, the same on a terminal and on a page."""
