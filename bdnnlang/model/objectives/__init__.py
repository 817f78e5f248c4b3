"""What is minimised beside the loss, or among networks of the least loss."""
