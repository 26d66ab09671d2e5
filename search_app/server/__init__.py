"""The web server: its processes, and the requests that it refuses before the application sees them.

It is waitress with limits on connections, time and size. It runs in several processes, next to that of the
worker.
"""
