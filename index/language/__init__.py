"""What differs from one language to another: stems, stop words, letters."""
