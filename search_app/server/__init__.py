"""The processes that answer requests, and what is refused before the application sees it."""
