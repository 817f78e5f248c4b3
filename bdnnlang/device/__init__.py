"""Networks in whole numbers, as a device computes them: folded, simplified, written as C and in other forms."""
