"""Which processes answer requests, and what is refused before the application sees it?

waitress with bounds on connections, time and size, in several processes, with the worker as another.
"""
