"""ingest/: how a link or a file becomes pages of trusted text. Imports `archive` only."""
