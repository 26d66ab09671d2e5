"""How do words become lines, and lines headings, paragraphs and lists?

Works on one column at a time; `ingest.layout` finds the columns.
"""
