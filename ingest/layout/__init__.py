"""In which order are the words of a page read, and which belong together?

Columns, boxes, notes and tables become blocks in reading order. `page_layout.py` calls the steps one after
another; the last one makes blocks for the catalogue.
"""
