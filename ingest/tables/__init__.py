"""Which words are the cells of a table, with and without rules?"""
