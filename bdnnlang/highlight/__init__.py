"""Colours for specs where no compiler runs: notebooks, pages, terminals, editors. All of it is made from grammar and schema."""
