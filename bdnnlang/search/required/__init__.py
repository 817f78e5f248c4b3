"""What a coordinate search makes of the block `require`: counts that come first, weights that may not be, and repair."""
