"""Wrong settings, names, credentials and servers are told in one sentence."""

import pytest

from fakes.built_site import picture
from fakes.publisher import ORIGINAL
from fakes.s3_servers import needs
from pelican_photos.errors import PhotosError, PublishError, SettingsError
from pelican_photos.publish.connection import connected
from pelican_photos.publish.s3 import Bucket


def test_without_a_bucket_the_setting_is_named(run):
    with pytest.raises(SettingsError, match="PHOTOS_BUCKET is not set") as caught:
        run(settings={"bucket": ""})

    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        pytest.param(
            {"bucket": "no-such-bucket"}, "there is no such bucket", marks=needs("unknown names")
        ),
        ({"bucket": "No Bucket"}, "the name is not valid|no bucket can have this name"),
        ({"s3_endpoint": "http://"}, "which is no address"),
        ({"s3_region": "moon 1"}, "region"),
    ],
)
def test_wrong_settings_are_one_sentence(run, settings, sentence):
    with pytest.raises(PhotosError, match=sentence):
        run(settings=settings)


def test_without_credentials_it_says_how_to_log_in(run, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(PublishError, match="no credentials found; set AWS_PROFILE"):
        run()


def test_a_name_that_cannot_be_a_key_is_refused_before_anything_is_asked(run, site, server):
    site.write("tag/Sea.html", b"")
    site.write("tag/sea.html", b"")

    with pytest.raises(PublishError, match="upper and lower case"):
        run()

    assert server.requests == []


def test_two_originals_of_one_name_are_refused(run, site, server):
    other = site.content / "photos" / "other.jpg"
    other.write_bytes(picture(5))

    with pytest.raises(PublishError, match="are both to be"):
        run(originals=[*site.originals(), (ORIGINAL, other)])


def test_a_server_that_is_not_there_is_said(site, server):
    settings = site.settings(s3_endpoint="http://127.0.0.1:9")  # nothing listens on "discard"

    with connected(settings, attempts=1) as client, pytest.raises(PublishError) as caught:
        Bucket(client, "site", "").listing()

    assert "cannot be reached" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"<p>Log in to this network<br></p>", "or is no S3"),
        (b"<html/>", "gives no ETag"),
        (b"<ListBucketResult><Contents><Size>big</Size></Contents></ListBucketResult>", "not what"),
    ],
)
def test_something_that_answers_but_is_no_s3_is_said(run, server, answer, sentence):
    server.answer_all = answer

    with pytest.raises(PublishError, match=sentence):
        run()
