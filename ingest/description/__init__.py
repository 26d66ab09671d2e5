"""What is a document called, of which date and of which plan is it? Said by its own text."""
