"""How does a document come into the archive?

Files, downloads, and web pages that list documents. The bytes are checked and stored, and a job is queued;
nothing is read yet.
"""
