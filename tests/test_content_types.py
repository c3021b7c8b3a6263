"""A file is served as what it is, on every machine."""

import pytest

from pelican_photos.content_types import content_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.webp", "image/webp"),
        ("a.AVIF", "image/avif"),
        ("a.jpg", "image/jpeg"),
        ("2024.05.12.jpg", "image/jpeg"),
        ("a.mp4", "video/mp4"),
        ("a.mov", "video/quicktime"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("all.atom", "application/atom+xml; charset=utf-8"),
        ("all.atom.xml", "application/atom+xml; charset=utf-8"),
        ("all.rss.xml", "application/rss+xml; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("unknown", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_name(name, kind):
    assert content_type(name) == kind
