"""What differs when the site goes online: everything else is in pelicanconf.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from pelicanconf import *  # noqa: F403 - Pelican's own pattern for a second configuration

SITEURL = "https://photos.example.org"
RELATIVE_URLS = False
DELETE_OUTPUT_DIRECTORY = True

# Set FEED_ALL_ATOM here when the site has articles too: without any, Pelican writes the
# time of the build into that feed, and each publish uploads it anew.

# The private bucket of the originals, the bucket of the site (it may be the same one), and
# the CloudFront distribution before them.  Credentials come from boto3's own chain (a profile,
# single sign-on, a role), never from this file.
PHOTOS_BUCKET = ""
PHOTOS_SITE_BUCKET = ""
PHOTOS_CDN_DISTRIBUTION = ""
