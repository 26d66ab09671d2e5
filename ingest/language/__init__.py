"""Which language is a text in, is a word a word, and how is a word broken at a line end spelled whole?

Word lists and letter statistics of four languages, and rules of spelling. Also cleans the characters that
PDFs give.
"""
