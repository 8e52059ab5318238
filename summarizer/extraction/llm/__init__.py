"""The model engine: a model selects and links what the reading found; it never writes a number."""
