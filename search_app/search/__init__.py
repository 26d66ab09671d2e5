"""Results, the way in, and saved searches as feeds."""
