"""Do the fonts of a PDF draw the letters that they claim to draw?

A file can show one letter and name another. Drawn shapes are compared with pictures of known letters, and
fonts that do not match are reported.
"""
