"""Duty: the roster and its swaps, hand-over notes, urgent tasks, the weekly quiz, the suggestion box."""
