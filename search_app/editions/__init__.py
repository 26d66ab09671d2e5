"""Two editions beside each other."""
