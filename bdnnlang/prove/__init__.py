"""Lower bounds on the errors of all networks with one hidden layer and one output, and their proofs (docs/proofs.md).

The room knows no clock, no file and no stage: whoever asks for a proof says when to stop, and gets what there is.
"""
