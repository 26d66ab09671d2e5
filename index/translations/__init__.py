"""Which passages and words say the same in another language?"""
