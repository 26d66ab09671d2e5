"""What is known of every document: its description, pages, corrections, events and jobs."""
