"""The search engine on Whoosh.

Whoosh keeps segments, terms, commits and locks; only `whoosh_engine.py` knows it. Posting lists and entry
properties are arrays of our own in its files, and the other modules compute with those.
"""
