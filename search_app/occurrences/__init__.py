"""How are the concordance and trends shown? As pages, charts and files."""
