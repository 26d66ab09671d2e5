"""What does a reader ask for? A tree made of any string, explained in words."""
