"""The steps of a `data` block: fitted on the training part, applied to all parts and to new rows."""
