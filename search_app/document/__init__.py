"""A document and its pages, with the words that matched marked."""
