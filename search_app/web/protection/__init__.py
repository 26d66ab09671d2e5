"""What keeps floods, forged forms and search engines away from what they must not ask for."""
