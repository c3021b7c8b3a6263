"""A photo from the camera: what is chosen, what it says, what is asked, and how it is shown.

The verb itself is ``add_command``; what is stored goes the way of every import.
"""
