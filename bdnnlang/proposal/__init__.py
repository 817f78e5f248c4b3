"""Specs to begin with: templates, and one proposed for a csv file. What is proposed is what the diagnosis of data asks for."""
