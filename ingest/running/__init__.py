"""What stands outside the text? Running heads, page numbers and labels, line numbers."""
