"""Who, what and where of a passage: cards, notations, metadata, and the check of a quotation."""
