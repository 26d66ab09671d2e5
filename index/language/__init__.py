"""What differs from one language to another?

Stems, stop words, accents and noun phrases of Dutch, French, English and German. A language is a module of
rules; nothing here knows about pages or queries.
"""
