"""What does pdfium say about a page?

Characters, drawn objects, annotations and coordinates, as plain records and arrays. The drawers after this
one decide what they mean.
"""
