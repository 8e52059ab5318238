"""Mentions: trials, registry numbers, design cues, agencies, meetings, organisations, counts and dates in a text."""
