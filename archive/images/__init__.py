"""Stores the images of pages, and checks whether they are intact. All can be drawn again from the
originals."""
