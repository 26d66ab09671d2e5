"""How is the catalogue's database opened, read and changed?

Tables, transactions and migrations, for SQLite and PostgreSQL, and the state: a number that moves with every
change. Nothing here knows what a document is.
"""
