"""A network as an ONNX graph that answers exactly as `bdnnc predict`: signals, sums and comparisons in whole numbers."""
