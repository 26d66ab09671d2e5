"""What is on a page? Its words as they are drawn, by the text layer or by OCR, and its image."""
