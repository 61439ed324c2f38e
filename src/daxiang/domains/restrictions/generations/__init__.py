"""Generations: which pack of a city is in force, stored by digest, seen by every process within a second."""
