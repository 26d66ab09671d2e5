"""Is what is kept still whole, and how does it come back?

Checks of originals and catalogue, BagIt bags, and recovery. The checks share no code with what writes the
archive, so a fault of one does not hide in the other.
"""
