"""The language server: what an editor asks of a text, a file for each question, and one file that speaks the protocol.

Every question is a function of a document and an offset, without clock or network. Places are spans; `server` alone knows
the protocol's lines and characters.
"""
