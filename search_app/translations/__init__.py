"""How are a page and its translation shown together, and how a word is translated?

As pages with rows of aligned passages, and as JSON and files.
"""
