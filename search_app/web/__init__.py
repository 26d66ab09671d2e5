"""What every page and address has in common: parameters, errors, files, the language of the interface."""
