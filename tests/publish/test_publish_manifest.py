import json

import pytest

from pelican_photos.errors import PublishError
from pelican_photos.publish.manifest import Manifest, read, written
from pelican_photos.publish.plan import Known, Role

A_MANIFEST = Manifest(
    {
        "é/a.jpg": Known(
            size=3,
            sha256="00",
            etag="e",
            content_type="image/jpeg",
            cache_control="public",
            role=Role.ORIGINAL,
        )
    },
    frozenset({"/b", "/a"}),
)


def test_a_manifest_reads_back_as_it_was_written():
    assert read(written(A_MANIFEST)) == A_MANIFEST
    assert read(written(Manifest())) == Manifest()


def spoilt(**changes):
    content = json.loads(written(A_MANIFEST))
    content["objects"]["é/a.jpg"].update(changes)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"version":1}',
        b'{"version":1,"pending":[],"objects":[]}',
        b'{"version":1,"pending":[],"objects":{"a":3}}',
        b'{"version":1,"pending":[],"objects":{"a":{}}}',
        spoilt(role="intruder"),
        spoilt(size="3"),
        spoilt(etag=None),
        spoilt(surprise=1),
        written(A_MANIFEST)[:-9],
    ],
)
def test_a_damaged_manifest_is_told_from_a_good_one(content):
    with pytest.raises(ValueError, match="is damaged"):
        read(content)


def test_a_manifest_of_a_later_version_stops_the_publish():
    with pytest.raises(PublishError, match="update this one"):
        read(b'{"version":2}')
