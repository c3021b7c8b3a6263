"""A photo leaves the buckets with every version, and nothing else does."""

from datetime import UTC, datetime

import pytest

from fakes.public_cdn import serving_the_public
from fakes.publisher import ONE_BUCKET, manifest
from pelican_photos.errors import Guarded, PublishError
from pelican_photos.publish.keys import key_of
from pelican_photos.publish.private import rendition_key
from pelican_photos.publish.purge import Purging, asked_from_outside, purge
from pelican_photos.publish.purge_plan import Takedown
from pelican_photos.publish.undo import Undoing, undo
from pelican_photos.publish_options import Options

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLUG = "2024-05-01-boats"
ALIKE = f"{SLUG}-2"
TAKEDOWN = Takedown(homes=frozenset({f"photos/2024/{SLUG}"}))
LEFT = "photos/assets/search-2024-1a2b3c4d.json"


class Taker:
    """Whoever publishes a site, takes its first photo out of it, and purges."""

    def __init__(self, run):
        self.run, self.site, self.server = run, run.site, run.server
        self.remembered = set()
        self.site.slugs.append(ALIKE)
        self.site.write_original(ALIKE, b"another one")
        self.site.write(f"photos/2024/{ALIKE}/index.html", b"another page")
        self.site.write(LEFT, f"2024/{SLUG}/".encode())
        self.site.write("photos/tags/sea/index.html", f"/photos/2024/{SLUG}/".encode())
        self.site.write("old.html", b"an old page of something else")
        self.site.write("photos/index.html", f"/photos/2024/{SLUG}/ first".encode())

    def publish_twice(self, settings=None):
        self.run(now=NOW, settings=settings)
        self.site.write("photos/index.html", f"/photos/2024/{SLUG}/ second".encode())
        self.site.write(f"photos/2024/{SLUG}/index.html", b"second")
        self.run(now=NOW, settings=settings)

    def publish_without_it(self, settings=None):
        self.site.slugs.remove(SLUG)
        for file in list(self.site.output.rglob("*")):
            key = file.relative_to(self.site.output).as_posix()
            named = file.is_file() and f"{SLUG}/".encode() in file.read_bytes()
            if file.is_file() and (TAKEDOWN.owns(key) or named or key == "old.html"):
                file.unlink()
        self.site.write("photos/index.html", b"without")
        self.run(now=NOW, settings=settings)

    def purge(self, settings=None, pause=lambda _: None):
        output = self.site.output
        built = {key_of(file.relative_to(output).as_posix()) for file in output.rglob("*")}
        wanted = built | {key for key, _ in self.site.originals()}
        takedown = TAKEDOWN | Takedown(files=frozenset(self.remembered))
        with self.server.keeping():
            return purge(self.how(settings, pause), takedown, wanted, self.remembered.update)

    def how(self, settings=None, pause=lambda _: None):
        changes = {"s3_endpoint": self.server.url} | (settings or {})
        return Purging(
            settings=self.site.settings(**changes),
            now=NOW,
            progress=lambda *_: None,
            pause=pause,
        )

    def everything(self):
        """Every version of everything, in both buckets."""
        return self.server.versions("originals") | self.server.versions("site")


@pytest.fixture
def taker(run):
    return Taker(run)


def test_what_workers_made_of_it_goes_with_it(taker):
    taker.server.keep_versions("originals", "site")
    taker.publish_twice()
    photos = {slug: f"photos/2024/{slug}.jpg" for slug in (SLUG, ALIKE)}
    made = {
        slug: rendition_key(manifest(taker.server, "originals").objects[key].sha256, "1.webp")
        for slug, key in photos.items()
    }
    for key in made.values():
        taker.server.put("originals", key, b"once")
        taker.server.put("originals", key, b"again")
    taker.publish_without_it()

    gone = taker.purge()

    left = taker.everything()
    assert not left.get(made[SLUG])
    assert left[made[ALIKE]] == [b"once", b"again"]
    assert made[SLUG] in gone


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_no_version_of_it_is_left_and_nothing_else_is_gone(taker, settings):
    taker.server.keep_versions("originals", "site")
    taker.publish_twice(settings)
    taker.publish_without_it(settings)

    gone = taker.purge(settings)

    left = taker.everything()
    assert not [key for key in left if TAKEDOWN.owns(key) and left[key]]
    assert left["photos/index.html"] == [b"without"]
    assert left[f"photos/2024/{ALIKE}/index.html"] == [b"another page"]
    assert left[f"photos/2024/{ALIKE}.jpg"] == [b"another one"]
    assert left["old.html"] == [b"an old page of something else"]
    assert not left.get(LEFT)
    assert not left.get("photos/tags/sea/index.html")
    assert {LEFT, "photos/tags/sea/index.html", f"photos/2024/{SLUG}.jpg"} <= gone
    assert gone == taker.remembered
    assert not [key for key in left if "/journal/" in key and left[key]]
    assert [len(left[key]) for key in left if "manifest" in key] == [1]


def test_an_undo_does_not_bring_it_back(taker):
    taker.server.keep_versions("originals", "site")
    taker.publish_twice()
    taker.publish_without_it()
    taker.purge()
    how = Undoing(
        settings=taker.how().settings, options=Options(), now=NOW, progress=lambda *_: None
    )

    with taker.server.keeping(), pytest.raises(Guarded, match="nothing to take back"):
        undo(how, confirm=lambda _: True, say=lambda _: None)


def test_no_older_version_is_served_while_the_versions_go(taker):
    taker.server.keep_versions("originals", "site")
    taker.publish_twice()
    taker.publish_without_it()
    page, served = f"photos/2024/{SLUG}/index.html", []
    taker.server.on_request = lambda _: served.append(taker.server.bodies("site").get(page))

    taker.purge()

    assert set(served) == {b"second", None}
    assert served == sorted(served, key=lambda body: body is None)


@pytest.mark.parametrize("code", ["", "NotImplemented"])
def test_without_versions_the_objects_go_all_the_same(taker, code):
    taker.publish_twice()
    taker.publish_without_it()
    if code:
        taker.server.refuse(kind="VERSIONS", status="501 Not Implemented", code=code)

    taker.purge()

    left = {key for key, bodies in taker.everything().items() if bodies}
    assert not [key for key in left if TAKEDOWN.owns(key)]
    assert f"photos/2024/{ALIKE}.jpg" in left
    assert not [key for key in left if "/journal/" in key]


def test_a_refusal_to_delete_versions_names_the_right_and_the_next_run_goes_on(taker):
    taker.server.keep_versions("originals", "site")
    taker.publish_twice()
    taker.publish_without_it()
    taker.server.refuse(kind="DELETE", times=1)
    with pytest.raises(PublishError):
        taker.purge()
    taker.server.forget()
    taker.server.refuse(kind="VERSIONS")
    with pytest.raises(PublishError, match=r"needs s3:ListBucketVersions \(`invoke bucket"):
        taker.purge()
    taker.server.forget()
    deletes = []

    def third_delete(request):
        deletes.extend([request] if request.kind == "DELETE" else [])
        return request.kind == "DELETE" and len(deletes) > 2

    taker.server.refuse(kind="DELETE")
    taker.server.faults[-1].matches = third_delete
    with pytest.raises(PublishError, match="needs s3:DeleteObjectVersion"):
        taker.purge()
    taker.server.forget()

    taker.purge()

    left = taker.everything()
    assert not [key for key in left if (TAKEDOWN.owns(key) or key == LEFT) and left[key]]


def test_the_cdn_forgets_the_folder_as_a_whole_and_is_told_again_if_it_refuses(taker):
    distribution = taker.server.create_distribution()
    settings = {"cdn_distribution": distribution}
    taker.server.keep_versions("originals", "site")
    taker.publish_twice(settings)
    taker.publish_without_it(settings)
    taker.server.forget_invalidations(distribution)
    taker.server.refuse(kind="INVALIDATE")
    with pytest.raises(PublishError, match="the CDN"):
        taker.purge(settings)
    taker.server.forget()

    taker.purge(settings)

    paths = {path for batch in taker.server.invalidations(distribution) for path in batch}
    assert f"/photos/2024/{SLUG}/*" in paths
    assert f"/photos/2024/{SLUG}.jpg" in paths
    assert f"/photos/2024/{ALIKE}.jpg" not in paths
    left = taker.everything()
    assert not [key for key in left if TAKEDOWN.owns(key) and left[key]]


def test_a_stranger_gets_nothing_any_more_and_a_cache_that_remembers_is_named(taker):
    page, picture = f"photos/2024/{SLUG}/index.html", f"photos/2024/{SLUG}.jpg"
    with serving_the_public(taker.server) as cdn:
        settings = {"siteurl": cdn.url}
        taker.publish_twice(settings)
        assert asked_from_outside(taker.how(settings), [page]).still

        taker.publish_without_it(settings)
        taker.purge(settings)
        answers = asked_from_outside(taker.how(settings), [page, picture])
        assert (answers.still, answers.unknown) == ((), ())
        assert any("?purged=" in target for target in cdn.asked)
        assert any(target.endswith(f"{SLUG}/") for target in cdn.asked)
        assert not any("Authorization" in headers for headers in cdn.headers)
        asked = {request.path for request in taker.server.requests if request.method == "GET"}
        assert f"/site/{page}" in asked

        cdn.cached[f"/{picture}"] = b"as it was"
        waits = []
        answers = asked_from_outside(
            taker.how(settings | {"cdn_distribution": "E1"}, waits.append), [page, picture]
        )
    assert answers.still == (f"{cdn.url}/{picture} answers 200",)
    assert sum(waits) >= 120


def test_an_address_that_nobody_can_reach_is_not_taken_for_gone(taker):
    with serving_the_public(taker.server) as cdn:
        pass

    answers = asked_from_outside(taker.how({"siteurl": cdn.url}), ["a.jpg"])

    assert answers.still == ()
    assert answers.unknown[0].startswith(f"{cdn.url}/a.jpg: cannot be reached")
