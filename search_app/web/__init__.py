"""What do all pages and addresses share?

Parameters, errors, files, the language of the interface, limits for clients, form tokens and robots rules.
"""
