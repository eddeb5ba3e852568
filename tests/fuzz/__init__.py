"""Fuzzing: readers and the sanitizer with input that nobody wrote. `make fuzz MINUTES=30`; docs in CONTRIBUTING.md."""
