"""The example site of this repository, and the pattern for your own."""

AUTHOR = "A photographer"
SITENAME = "Photostream"
SITEURL = ""

PATH = "content"
THEME = "themes/photostream"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"

PLUGINS = ["pelican_photos"]

# Feeds need absolute addresses; publishconf.py turns them on.
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
