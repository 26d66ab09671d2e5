"""What does pdfium tell of a page? Characters, objects, annotations, coordinates."""
