"""Is this quotation what a document says, and where?"""
