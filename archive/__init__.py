"""archive/: what is kept. Originals by checksum, the catalogue that describes them, and their history.

Imports nothing of ours: every other room builds on these records.
"""
