"""bdnnlang: binarized neural networks that are proved, not just trained."""

__version__ = "0.1.0"
