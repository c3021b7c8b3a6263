import pytest

from pelican_photos.content_types import content_type, is_picture_or_video
from pelican_photos.publish.classify import (
    A_DAY,
    ASK_EACH_TIME,
    FOREVER,
    cache_control,
    is_hashed,
    stage_of,
)
from pelican_photos.publish.objects import Role, Stage


@pytest.mark.parametrize(
    ("key", "stage", "cached"),
    [
        ("photos/2024/2024-05-12-boats/640-1a2b3c4d.webp", Stage.ASSETS, FOREVER),
        ("photos/2024/2024-05-12-boats/320h-12345678.webp", Stage.ASSETS, FOREVER),
        ("theme/css/photostream.1a2b3c4d.css", Stage.ASSETS, FOREVER),
        ("theme/photoswipe-1a2b3c4d.js", Stage.ASSETS, FOREVER),
        ("theme/css/main.css", Stage.ASSETS, ASK_EACH_TIME),
        ("theme/css/fonts.css", Stage.ASSETS, ASK_EACH_TIME),
        ("images/trip-20240512.jpg", Stage.ASSETS, A_DAY),
        ("favicon.ico", Stage.ASSETS, A_DAY),
        ("theme/1a2b3c4d/icon.svg", Stage.ASSETS, A_DAY),
        ("photos/2024/2024-05-12-boats/index.html", Stage.PAGES, ASK_EACH_TIME),
        ("photos/2024/boats-1a2b3c4d.html", Stage.PAGES, ASK_EACH_TIME),
        ("about.html", Stage.PAGES, ASK_EACH_TIME),
        ("index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("index2.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/2024/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/2024/page/2/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/2024/05/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/2024/05/page/2/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/2024/2024-05-12-boats/feed.atom", Stage.LISTINGS, ASK_EACH_TIME),
        ("404.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("p/CxYz_12AbCd/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/tags/sea/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/page/2/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("feeds/all.atom.xml", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/feed.json", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/assets/search-2024-1a2b3c4d.json", Stage.INDEXES, FOREVER),
        ("photos/assets/search-2024.json", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/assets/20240512.json", Stage.LISTINGS, ASK_EACH_TIME),
        ("other/assets/search-2024-1a2b3c4d.json", Stage.LISTINGS, ASK_EACH_TIME),
        ("photos/search/index.html", Stage.LISTINGS, ASK_EACH_TIME),
        ("sitemap.xml", Stage.LISTINGS, ASK_EACH_TIME),
    ],
)
def test_each_file_of_a_site_has_its_stage_and_its_age(key, stage, cached):
    assert stage_of(key, Role.SITE, "photos") is stage
    assert cache_control(key, Role.SITE, "photos") == cached


def test_an_original_goes_first_and_may_be_a_day_old():
    key = "photos/2024/2024-05-12-1a2b3c4d.jpg"

    assert stage_of(key, Role.ORIGINAL, "photos") is Stage.ORIGINALS
    assert cache_control(key, Role.ORIGINAL, "photos") == A_DAY


def test_what_a_search_reads_goes_up_between_the_pages_and_the_page_that_names_it():
    assert Stage.PAGES < Stage.INDEXES < Stage.LISTINGS


def test_the_folder_of_the_photos_is_the_owners_choice():
    key = "my/pictures (1)/2024/boats/640-1a2b3c4d.webp"

    assert is_hashed(key, "my/pictures (1)")
    assert not is_hashed(key, "photos")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.CSS", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.webp", "image/webp"),
        ("a.avif", "image/avif"),
        ("A.JPG", "image/jpeg"),
        ("a.mp4", "video/mp4"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("site.webmanifest", "application/manifest+json; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("photos.feed.json", "application/feed+json; charset=utf-8"),
        ("data.json", "application/json; charset=utf-8"),
        ("feeds/all.atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.atom", "application/atom+xml; charset=utf-8"),
        ("feeds/all.rss.xml", "application/rss+xml; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        (".well-known/webfinger", "application/octet-stream"),
        ("html/readme", "application/octet-stream"),
        ("a.unheard-of", "application/octet-stream"),
    ],
)
def test_a_type_is_known_by_the_end_of_a_name_on_every_machine(key, kind):
    assert content_type(key) == kind


def test_pictures_and_videos_may_carry_private_metadata_and_pages_do_not():
    assert is_picture_or_video("a.JPG")
    assert is_picture_or_video("a.mov")
    assert not is_picture_or_video("a.html")
