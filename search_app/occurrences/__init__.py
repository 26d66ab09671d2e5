"""Concordance and trends as pages and pictures."""
