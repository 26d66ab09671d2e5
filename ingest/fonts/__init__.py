"""Finds fonts of a PDF that draw other letters than the file says.

A file can show one letter and name another. The drawn shapes are compared with pictures of known letters, and
fonts that do not match are reported.
"""
