"""The version of the program, which packaging reads here too. CHANGELOG.md begins with it."""

VERSION = "0.1.0"
