"""What do archivists do on the site?

Sign in, upload, describe, correct, withdraw and restore. Everything here needs an account.
"""
