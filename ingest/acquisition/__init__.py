"""How does a document come in? Downloads, pages that list documents, files; checked and stored, not yet
read."""
