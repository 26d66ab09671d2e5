"""index/: what is on which page, exactly?

Everything here is derived from the catalogue and can be rebuilt from it. Imports `archive`, never `ingest`.
"""
