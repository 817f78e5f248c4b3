"""C99 from a network in whole numbers: headers without floats, library calls or memory of their own."""
