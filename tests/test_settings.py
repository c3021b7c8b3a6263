"""Settings are checked once, and the environment wins."""

import pytest

from pelican_photos.errors import SettingsError
from pelican_photos.settings import public_settings, settings_of


def test_the_environment_wins_over_the_file(tmp_path):
    settings = settings_of(
        {"PHOTOS_QUALITY": 60, "PHOTOS_BUCKET": "file", "PATH": "content"},
        tmp_path,
        {"PHOTOS_BUCKET": "environment", "PHOTOS_KEEP_GPS": "yes", "PHOTOS_RENDITIONS": "320h,99w"},
    )

    assert (settings.quality, settings.bucket, settings.keep_gps) == (60, "environment", True)
    assert settings.renditions == ("320h", "99w")
    assert settings.photos == tmp_path / "content" / "photos"


def test_without_a_bucket_or_a_cdn_the_site_carries_its_originals(tmp_path):
    assert settings_of({}, tmp_path, {}).carries_originals
    assert not settings_of({"PHOTOS_BUCKET": "b"}, tmp_path, {}).carries_originals
    assert not settings_of({"PHOTOS_ORIGINALS_URL": "https://c"}, tmp_path, {}).carries_originals


def test_originals_are_served_from_the_site_unless_said_otherwise(tmp_path):
    site = {"SITEURL": "https://a/"}

    assert settings_of(site, tmp_path, {}).public_originals_url == "https://a"
    cdn = {**site, "PHOTOS_ORIGINALS_URL": "https://cdn/"}
    assert settings_of(cdn, tmp_path, {}).public_originals_url == "https://cdn"


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ({"PHOTOS_QUALITY": "high"}, "PHOTOS_QUALITY is 'high', but should be a whole number"),
        ({"PHOTOS_QUALITY": 0}, "PHOTOS_QUALITY is 0"),
        ({"PHOTOS_INSTAGRAM_BUDGET": 0}, "PHOTOS_INSTAGRAM_BUDGET is 0"),
        ({"PHOTOS_QUALITY": True}, "PHOTOS_QUALITY is True"),
        ({"PHOTOS_EXECUTOR": "fork"}, "PHOTOS_EXECUTOR is 'fork': say 'threads' or 'dask'"),
        ({"PHOTOS_PER_PAGE": 0}, "PHOTOS_PER_PAGE is 0"),
        ({"PHOTOS_RENDITIONS": "320h"}, "PHOTOS_RENDITIONS is '320h', but should be a list"),
        ({"PHOTOS_RENDITIONS": ["320"]}, "'320' should read like '320h'"),
        ({"PHOTOS_FORMATS": ["avif"]}, "PHOTOS_FORMATS is ('avif',), but should be ('webp',) or"),
        ({"PHOTOS_FORMATS": ["webp", "jxl"]}, "PHOTOS_FORMATS is ('webp', 'jxl')"),
        ({"PHOTOS_FORMATS": []}, "PHOTOS_FORMATS is ()"),
        ({"PHOTOS_PATH": "../x"}, "PHOTOS_PATH is '../x'"),
        ({"PHOTOS_PATH": "/etc"}, "PHOTOS_PATH is '/etc'"),
        ({"PHOTOS_ORIGINALS_URL": "cdn.example.org"}, "should begin with https://"),
        ({"PHOTOS_KEEP_GPS": "no"}, "PHOTOS_KEEP_GPS is 'no', but should be a yes or no"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, configuration, message):
    with pytest.raises(SettingsError) as error:
        settings_of(configuration, tmp_path, {})

    assert message in str(error.value)
    assert error.value.exit_status == 2


def test_a_wrong_value_of_the_environment_is_named(tmp_path):
    with pytest.raises(SettingsError, match="PHOTOS_PER_PAGE in the environment: 'x'"):
        settings_of({}, tmp_path, {"PHOTOS_PER_PAGE": "x"})


def test_every_setting_is_documented():
    for name, default, about in public_settings():
        assert name.startswith("PHOTOS_")
        assert default
        assert about


@pytest.mark.parametrize(
    ("written", "read"), [("photos/", "photos"), ("./photos", "photos"), ("a//b/", "a/b")]
)
def test_a_path_has_one_spelling(tmp_path, written, read):
    assert settings_of({"PHOTOS_PATH": written}, tmp_path, {}).path == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHOTOS_PATH", "."),
        ("PHOTOS_PATH", " photos"),
        ("PHOTOS_RENDITIONS", 320),
        ("PHOTOS_WORKERS", -1),
        ("PHOTOS_CACHE", ""),
        ("PHOTOS_CACHE", ".."),
        ("PHOTOS_INSTAGRAM_DELAY", float("inf")),
        ("PHOTOS_INSTAGRAM_DELAY", float("nan")),
    ],
)
def test_a_value_that_would_do_harm_is_refused(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        settings_of({name: value}, tmp_path, {})
