"""How do the words of a page become blocks in reading order?"""
