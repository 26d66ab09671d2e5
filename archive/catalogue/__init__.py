"""What is known of every document? Descriptions, pages, corrections, events and jobs.

`catalogue.py` is the entrance. The other modules hold the rows of one subject each; every change writes its
event in the same transaction.
"""
