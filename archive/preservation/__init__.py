"""Is what is kept still whole, and how does it come back? Checks, bags (BagIt), recovery."""
