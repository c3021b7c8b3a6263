"""Exports of one picture whose file of posts holds whatever it is given."""

from fakes.export_files import json_of
from fakes.instagram_export import TAKEN_AT, FakeExport, cdn_name, number_of, picture

POSTS = "your_instagram_activity/media/posts_1.json"
MEDIA = f"media/posts/202405/{number_of(cdn_name(1))}.jpg"


def an_entry(**changes):
    medium = {"uri": MEDIA, "creation_timestamp": TAKEN_AT, "title": "Boats"} | changes
    return {"media": [medium]}


def with_posts(value):
    return FakeExport(None).write(POSTS, json_of(value)).write(MEDIA, picture(1))
