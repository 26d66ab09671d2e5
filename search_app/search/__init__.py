"""How does a reader search?

The home page, results with filters and the chart of years, and saved searches as feeds. `results.py` is the
one search behind pages, API, files and command line.
"""
