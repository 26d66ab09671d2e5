"""How do words become lines, and lines paragraphs?"""
