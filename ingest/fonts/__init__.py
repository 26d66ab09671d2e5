"""Which letters do the fonts of a PDF draw, whatever they say?"""
