"""The engine on Whoosh, with arrays of our own beside its files."""
