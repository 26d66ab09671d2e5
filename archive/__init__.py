"""archive/: what is kept, and is it whole?

Original files by checksum, the catalogue that describes them, and the history of every change. This room
imports none of the others; they all build on its records.
"""
