"""index/: what makes every page findable. Imports `archive`, never `ingest`."""
