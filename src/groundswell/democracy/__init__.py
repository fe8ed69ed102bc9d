"""Bodies and the register of their resolutions (meetings, motions and ballots come with their own issues).

Read `actions.py` first.
"""
