"""What Python programs use: `bdnnlang/__init__.py` has the names. It stands beside the command line and shares its phases."""
