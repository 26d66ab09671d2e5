"""What is a document called, what is its date, and to which plan does it belong?

The answers come from its own text and its file name, with the evidence. Where they are not certain, an
archivist is asked.
"""
