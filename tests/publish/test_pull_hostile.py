"""Pages, links, buckets and manifests that want a file somewhere else, or other bytes."""

import hashlib
import json
import time

import pytest

from fakes.bucket_contents import a_known
from fakes.built_site import picture
from fakes.publisher import ORIGINAL
from fakes.puller import Puller
from fakes.s3_faults import flip
from fakes.s3_servers import needs
from pelican_photos import __version__
from pelican_photos.errors import Guarded
from pelican_photos.public_rules import RULES
from pelican_photos.publish import manifest as manifests
from pelican_photos.publish.fetch import Order
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.objects import Role
from pelican_photos.publish.private import MANIFEST, untouched_key
from pelican_photos.publish.pull_plan import There

BOATS = "2024-05-01-boats.jpg"
BODY = picture(7)


@pytest.fixture
def pull(site, server):
    return Puller(site, server)


@pytest.fixture
def offer(server):
    """Put objects into the bucket, and a manifest that tells of them."""

    def put(*keys, modified=1, body=BODY):
        noted = {}
        for key in keys:
            server.put("originals", key, body)
            noted[key] = a_known(
                len(body),
                hashlib.sha256(body).hexdigest(),
                server.objects("originals", manifest=True)[key].etag,
                role=Role.ORIGINAL,
                modified=modified,
            )
        server.put("originals", MANIFEST, manifests.written(Manifest(objects=noted)))

    return put


def tree(folder):
    return {path for path in folder.rglob("*") if ".photos" not in path.parts}


OUTSIDE = (
    *("../../escape.jpg", "/etc/escape.jpg", "photos/2024/../../../../escape.jpg"),
    *("C:/escape.jpg", "photos\\..\\escape.jpg", "photos/2024//escape.jpg", f"{ORIGINAL}/x.jpg"),
    *(untouched_key("../../escape.jpg"), untouched_key("/escape.jpg")),
)
NOT_ORIGINALS = ("2024-05-01-boats.md", "pelicanconf.py", ".htaccess", "nul.jpg")
NO_NAMES = ("../../../escape.jpg", "..", "a\0.jpg")
HOSTILE_KEYS = needs("keys that lead out", "a NUL in a key")


@needs("keys that lead out")
def test_no_key_of_the_bucket_or_its_manifest_names_a_file(pull, offer, site):
    before = tree(site.root.parent)
    offer(*OUTSIDE)

    outcome = pull()

    assert tree(site.root.parent) == before
    assert outcome.received == 0


@pytest.mark.parametrize("names", [NOT_ORIGINALS, pytest.param(NO_NAMES, marks=HOSTILE_KEYS)])
def test_a_page_that_names_another_place_is_said_and_the_others_come(pull, offer, site, names):
    pull.lose()
    before = tree(site.root.parent)
    keys = [f"photos/2024/{name}" for name in names]
    offer(*keys, ORIGINAL)
    named = [(key, pull.folder / name) for key, name in zip(keys, names, strict=True)]

    outcome = pull(originals=[*named, (ORIGINAL, pull.folder / BOATS)])

    assert tree(site.root.parent) - before == {pull.folder / BOATS}
    assert outcome.exit_status == 1
    assert len(outcome.failed) == len(names)
    assert "is left out" in str(outcome)


def test_what_a_page_names_cannot_speak_to_the_terminal(pull, offer):
    outcome = pull(originals=[("photos/x.jpg", pull.folder / "\x1b[2Jx.jpg")])

    assert "\x1b" not in str(outcome)


def test_a_folder_that_is_a_link_out_of_the_photos_is_not_written_into(pull, offer, site, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (site.content / "photos/2025").symlink_to(outside)
    key = "photos/2025/a.jpg"
    offer(key)

    outcome = pull(originals=[(key, site.content / key)])

    assert list(outside.iterdir()) == []
    assert "a link leads out of the photos" in str(outcome)


@pytest.mark.parametrize("exists", [True, False])
def test_a_file_that_is_a_link_out_of_the_photos_is_left_alone(pull, offer, tmp_path, exists):
    secret = tmp_path / "secret.jpg"
    if exists:
        secret.write_bytes(b"")
    link = pull.folder / BOATS
    link.unlink()
    link.symlink_to(secret)
    offer(ORIGINAL)

    outcome = pull(originals=[(ORIGINAL, link)])

    assert link.is_symlink()
    assert secret.exists() == exists
    assert "a link leads out of the photos" in str(outcome)


def test_a_photos_folder_that_is_itself_a_link_is_its_owners(pull, offer, site, tmp_path):
    (site.content / "photos").rename(tmp_path / "disk")
    (site.content / "photos").symlink_to(tmp_path / "disk")
    pull.lose()
    offer(ORIGINAL)

    pull(originals=[(ORIGINAL, pull.folder / BOATS)])

    assert pull.files() == {BOATS: BODY}


def test_a_folder_in_the_place_of_a_file_is_said(pull, offer):
    pull.lose()
    (pull.folder / BOATS).mkdir()
    offer(ORIGINAL)

    assert "no regular file is there" in str(pull())


def test_an_original_below_another_is_refused(pull, offer, server):
    offer(ORIGINAL, "photos/2024/a/b.jpg")
    server.forget()

    with pytest.raises(Guarded, match="would lie below"):
        pull(
            originals=[
                ("photos/2024/a.jpg", pull.folder / "a.jpg"),
                ("photos/2024/a.jpg/b.jpg", pull.folder / "a.jpg" / "b.jpg"),
            ]
        )

    assert server.requests == []


@pytest.mark.parametrize("modified", [-1, 2**63])
def test_a_time_that_no_system_knows_is_not_taken(pull, offer, modified):
    pull.lose()
    offer(ORIGINAL, modified=modified)

    pull(originals=[(ORIGINAL, pull.folder / BOATS)])

    assert abs((pull.folder / BOATS).stat().st_mtime - time.time()) < 60


def test_other_bytes_in_the_bucket_do_not_pass_for_a_repair_of_what_was_published(
    pull, offer, site
):
    file = pull.folder / BOATS
    body, status = file.read_bytes(), file.stat()
    sha256 = hashlib.sha256(body).hexdigest()
    signature = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    note = [*signature, len(body), sha256, sha256, status.st_mtime_ns]  # of a publish from here
    notes = {"made_by": [2, RULES, __version__, False], "files": {str(file): note}}
    (site.root / ".photos/publish").mkdir(parents=True)
    (site.root / ".photos/publish/digests-original.json").write_text(json.dumps(notes))
    offer(ORIGINAL, modified=status.st_mtime_ns, body=flip(body))

    pull(originals=[(ORIGINAL, file)])

    assert file.read_bytes() == body
    assert pull.files()["2024-05-01-boats.remote.jpg"] == flip(body)


def test_a_link_that_lies_in_the_place_of_a_part_is_not_written_through(
    pull, offer, server, tmp_path
):
    pull.lose()
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    body = bytes(range(256)) * ((9 << 20) // 256)
    offer(ORIGINAL, body=body)
    size, etag = len(body), server.objects("originals")[ORIGINAL].etag
    there = There(key=ORIGINAL, size=size, published=size, etag=etag)
    Order(there=there, path=pull.folder / BOATS).part.symlink_to(victim)

    pull(originals=[(ORIGINAL, pull.folder / BOATS)])

    assert victim.read_bytes() == b"mine"
    assert list(pull.files()) == [BOATS]
    assert not (pull.folder / BOATS).is_symlink()
