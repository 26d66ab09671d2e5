"""Which language is a text in, which words does it have, and how does a word broken at a line end read?"""
