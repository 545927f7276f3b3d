"""Generator of test reports: whole reports in our own words, in every shape, with every damage.

Everything is seeded, so that two runs write the same bytes. Bodies, persons and sentences are invented.
"""
