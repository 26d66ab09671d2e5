"""What is printed on a page but is not part of its text?

Running heads and feet, page numbers, and numbers beside lines. They are found by comparing the pages of a
document. Page numbers give the pages their labels.
"""
