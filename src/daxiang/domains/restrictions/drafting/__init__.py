"""From a notice's text to a proposed card. Pure; nothing is guessed, and what was not read is marked."""
