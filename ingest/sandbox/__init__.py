"""Reads files safely, even hostile ones.

They are read in a separate process that may crash, with limits on time and memory. What it returns is
checked like any other input from outside.
"""
