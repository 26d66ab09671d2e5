"""How do readers see what changed between two editions?

As a page, as JSON and as rows of a file, all from the one comparison in `chosen_editions.py`.
"""
