"""What must not leave: files from elsewhere, places in pictures, secrets in messages."""

import re

import pytest

from fakes.built_site import picture, picture_with_gps
from fakes.publisher import ORIGINAL, everything
from fakes.s3 import SECRET
from pelican_photos.errors import MetadataError, PublishError


def test_an_original_outside_the_photos_is_refused(run, site, server, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(picture(1))
    link = site.content / "photos/2024/link.jpg"
    link.symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(PublishError, match="leads out of"):
        run(originals=[("photos/2024/link.jpg", link)])

    assert server.requests == []


def test_a_place_in_a_picture_leaves_only_when_its_owner_says_so(run, site, server):
    body = picture_with_gps()
    site.write_original("2024-05-01-boats", body)
    site.write("images/trip.jpg", body)

    run()
    hidden = everything(server)
    run(settings={"keep_gps": True})

    assert hidden[ORIGINAL] == hidden["images/trip.jpg"] != body
    assert everything(server) == site.bodies()


def test_a_picture_that_cannot_be_cleaned_stops_everything(run, site, server):
    broken = site.write("images/broken.jpg", picture(3)[:100])

    with pytest.raises(MetadataError, match=re.escape(broken.name)):
        run()

    assert server.counts["PUT"] == 0


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        ("403 Forbidden", "AccessDenied", "access denied"),
        ("403 Forbidden", "RequestTimeTooSkewed", "clock is wrong"),
        ("403 Forbidden", "InvalidAccessKeyId", "does not know the access key"),
        ("301 Moved", "PermanentRedirect", "lies in another region"),
        ("418 Teapot", "Odd", "the server answers Odd"),
    ],
)
def test_a_listing_that_is_refused_ends_the_publish(run, server, status, code, sentence):
    leak = f"AWSAccessKeyId AKIAIOSFODNN7EXAMPLE secret {SECRET}"
    server.refuse(kind="LIST", status=status, code=code, message=leak)

    with pytest.raises(PublishError, match=sentence) as caught:
        run()

    assert str(caught.value).startswith("the bucket 'originals' cannot be listed: ")
    assert "AKIA" not in str(caught.value)
    assert SECRET not in str(caught.value)
