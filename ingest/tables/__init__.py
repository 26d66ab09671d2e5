"""Which words are the cells of a table?

Tables with rules on all sides, with rules across only, and with none. The result keeps rows and cells apart.
"""
