"""The version of the program. Packaging reads it here too, and CHANGELOG.md begins with it."""

VERSION = "0.1.0"
