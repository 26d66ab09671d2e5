"""The attack: everything that may happen to an archive and its site, done to copies of them, and judged."""
