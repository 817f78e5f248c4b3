"""How much flash the code of a network takes: `bytes`, which programs can hold to, and a nearer prediction."""
