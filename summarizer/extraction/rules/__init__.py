"""The extractor that works by rules alone."""
