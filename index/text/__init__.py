"""How does text become words that can be found, compared and shown?"""
