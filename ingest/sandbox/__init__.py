"""How are hostile files read? In a process of its own that may die, within limits of time and memory."""
