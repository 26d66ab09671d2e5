"""What does Tesseract read in the image of a page, and what of it is certain?"""
