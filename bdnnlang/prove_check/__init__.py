"""A checker of proof files (docs/proofs.md) that shares no code with `bdnnlang.prove`, asks no solver and believes nothing."""
