"""What do programs get?

The JSON API, its OpenAPI description, and downloads of results as files.
"""
