"""Word lists and letter statistics of four languages, and the script that makes them. See README.md."""
