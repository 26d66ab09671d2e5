"""A page beside its translation, and how a word is translated."""
