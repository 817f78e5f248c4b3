"""The rows of requirements (docs/models.md 10): one file a kind, for what `problem/requirement` measures."""
