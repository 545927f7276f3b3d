"""The demonstration: invented people and cases that live the year of published reports, on a settable day.

Present only in the profile ``demonstration``; nothing below knows of it.
"""
