"""What lasts between builds: files that are never half written, a cache, and the fingerprints it is keyed by."""
