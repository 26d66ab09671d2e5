"""Where are the images of pages kept, and are they whole? All can be drawn again from the originals."""
