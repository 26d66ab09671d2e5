"""How is a hostile file read safely?

In a process of its own that may die, with limits on time and memory. What it returns is checked like any
other input from outside.
"""
