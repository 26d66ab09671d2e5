"""Which words are on a page, and what does the page look like?

Words come from the text layer or from OCR, whichever is healthier. Text that the drawn page does not show is
left out. Also draws the page images for the site.
"""
