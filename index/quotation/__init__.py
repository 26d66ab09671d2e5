"""Does a document say this quotation, where, and word for word?

The engine proposes pages. The verdict comes from comparing the quotation with their text, letter by letter.
"""
