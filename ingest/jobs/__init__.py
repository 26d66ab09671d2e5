"""How are the jobs of the queue done, by one worker or several?"""
