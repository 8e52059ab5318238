"""What a folder of results knows: which files there were, what they hold, and what became of each text."""
