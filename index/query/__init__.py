"""What does a reader ask for?

Any string becomes a tree of words, phrases and filters, with a sentence that says how it was read. Compounds
and other spellings of the words come from the words of the archive.
"""
