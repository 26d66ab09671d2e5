"""What changed between two editions of the same text?

Each passage and each row of a table is paired with its counterpart. The result says what was kept, moved,
changed, dropped or added, and which numbers changed.
"""
