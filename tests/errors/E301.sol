The optimum is 3.
