"""Which entries match, and how many? The contract that every engine keeps, and the engine in use."""
