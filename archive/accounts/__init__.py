"""Who may sign in? Archivists' accounts, their sessions, and a count of failed attempts.

All three are rows of the catalogue, so every process of a site knows at once who was signed out or refused.
"""
