"""What programs get: JSON, files and the description of both (OpenAPI)."""
