"""What does Tesseract read in the image of a page, and how certain is it?

Images are first turned upright and set straight. Ruled tables are read cell by cell. Words that may be wrong
are marked as doubtful.
"""
