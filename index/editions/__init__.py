"""What changed between two editions of the same text?"""
