"""Where does a word occur, and how often in each year or plan?

The concordance lists every occurrence in its context (KWIC). Trends count occurrences against the number of
words in the same language.
"""
