"""Work with an hour of its own: which occasions are settled, one row each, whatever worker settled it."""
