"""How files of the archive are written and whom they are shown to."""
