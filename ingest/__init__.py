"""ingest/: how does a file become text that can be trusted?

From a link or a file to pages of blocks in the catalogue. Imports `archive` only; everything that opens a
PDF runs in a process that may die.
"""
