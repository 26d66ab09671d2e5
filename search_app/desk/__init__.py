"""What archivists do: sign in, upload, describe, correct, withdraw."""
