"""Archivists: who may sign in, and how often somebody tried."""
