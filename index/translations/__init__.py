"""Which documents, passages and words say the same in another language?

Two texts are aligned passage by passage, by length and by what they share: numbers, names and words often
seen together. The pairs of passages then show how a word is translated.
"""
