"""How does text become words that can be found, compared and shown?

Tokens, spelling rules, excerpts, and paragraphs that run over pages made whole. Pages and queries are treated
by the same rules, so each finds the other.
"""
