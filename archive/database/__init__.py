"""The database of the catalogue: its tables, migrations, transactions and state."""
