"""The lines of the block `require`, read one by one, and what can be wrong with them."""
