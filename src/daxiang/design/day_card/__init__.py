"""The picture of the day: what a family passes around in its group. Plain values in, a PNG out."""
