"""The number of the rules by which metadata is taken out of public copies.

By itself, so that what only compares it with a remembered one does not load all of ``metadata``.
"""

# One more with each change of what is taken out, so that copies and digests are made anew.
RULES = 2
