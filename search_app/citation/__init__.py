"""How is a passage cited, and is a quotation right?

Who, what and where of exact words, a page or a document; ten notations; metadata for reference managers; and
the page that checks a quotation.
"""
