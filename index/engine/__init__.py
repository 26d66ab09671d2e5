"""Which entries match a query, and how many?

An entry is a page in one language. `contract.py` says what every search engine must do, and
`current_engine.py` opens the one in use. The other modules keep its files safe.
"""
