"""Releases: the folder of a finished edition with its record, what proves it again, and what changed between two of them."""
