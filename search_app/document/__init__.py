"""How are a document and its pages shown?

The page image and its text, with the words that matched marked on both, and links to exact words.
"""
