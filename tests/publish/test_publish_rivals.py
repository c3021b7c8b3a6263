"""Two machines that publish one site: neither takes back what the other has published."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.built_site import BuiltSite
from fakes.publisher import ONE_BUCKET, PAGE, Publisher, everything, manifest
from fakes.s3 import Fault
from pelican_photos.errors import Overtaken
from pelican_photos.publish.private import CLAIM
from pelican_photos.publish.rivalry import taken_back

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SLUG = "2024-05-01-boats"


@pytest.fixture
def laptop(server, tmp_path):
    """A clone of the site on another machine."""
    return Publisher(BuiltSite(tmp_path / "laptop"), server)


def edit(publisher, text):
    """Write a page, and what is built of it."""
    publisher.site.write_page(SLUG, text)
    publisher.site.write(PAGE, text.encode())


def test_machines_with_the_same_pages_publish_in_turn(run, laptop, server):
    for publisher in (run, laptop, run):
        edit(publisher, "boats")
        publisher()
    edit(run, "more boats")
    run()
    edit(laptop, "more boats")  # brought by git

    outcome = laptop()

    assert (outcome.uploaded, outcome.exit_status) == (0, 0)


def test_a_page_that_only_the_other_has_is_not_taken_back(run, laptop, server):
    edit(run, "boats")
    run(now=NOW)
    before = everything(server)
    laptop.site.write("index.html", b"an older home page")

    with pytest.raises(Overtaken, match=r"2026-11-28T12:00:00\+00:00 with 'photos/2024/") as caught:
        laptop()

    assert caught.value.exit_status == 2
    assert everything(server) == before
    assert CLAIM not in server.objects("site", manifest=True)


def test_an_edit_is_not_replaced_by_the_older_page_but_another_page_may_change(run, laptop, server):
    for publisher in (run, laptop):
        edit(publisher, "boats")
        publisher()
    edit(run, "boats, and the sea")
    run()
    laptop.site.write_page("2024-05-02-boats", "only here")

    with pytest.raises(Overtaken, match=SLUG):
        laptop()
    edit(laptop, "boats, and the sea")
    laptop()

    assert set(manifest(server).pages) == {
        f"photos/2024/{slug}.md" for slug in (SLUG, "2024-05-02-boats")
    }


def test_a_page_that_the_other_removed_does_not_come_back(run, laptop, server):
    for publisher in (run, laptop):
        edit(publisher, "boats")
        publisher()
    (run.site.content / f"photos/2024/{SLUG}.md").unlink()
    run()

    with pytest.raises(Overtaken, match=SLUG):
        laptop()


def test_overwrite_takes_it_back_on_purpose(run, laptop, server):
    edit(run, "boats")
    run()
    edit(laptop, "ships")

    laptop(overwrite=True)

    assert everything(server)[PAGE] == b"ships"
    with pytest.raises(Overtaken):
        run()


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_originals_alone_are_no_way_around_the_pages_of_the_other(run, laptop, server, settings):
    """Else their originals would count as stale, and the next publish as that of no rival."""
    edit(run, "boats")
    run(settings=settings)
    before = everything(server)

    with pytest.raises(Overtaken, match=SLUG):
        laptop(settings=settings, originals_only=True, delete=True)

    assert everything(server) == before
    edit(laptop, "boats")
    laptop(settings=settings, originals_only=True)
    assert manifest(server, "originals").pages.keys() == {f"photos/2024/{SLUG}.md"}


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", f"{SLUG}.md~", f"#{SLUG}.md#"])
def test_what_a_system_or_an_editor_leaves_behind_is_no_page(run, laptop, name):
    for publisher in (run, laptop):
        edit(publisher, "boats")
    (run.site.content / "photos" / name).write_bytes(b"left behind")
    run()

    assert laptop().exit_status == 0


def test_lines_that_end_as_on_windows_are_no_edit(run, laptop, server):
    edit(run, "boats\nand nets\n")
    run()
    edit(laptop, "boats\r\nand nets\r\n")

    assert laptop().exit_status == 0


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_who_comes_while_another_is_at_it_changes_nothing(run, laptop, server, settings):
    refused = []

    def second(request):
        if request.key == PAGE and not refused:
            refused.append(None)
            with pytest.raises(Overtaken, match="is publishing since"):
                laptop(settings=settings)

    server.on_request = second
    run(settings=settings)

    assert refused
    assert everything(server) == run.site.bodies()


def test_who_was_surveyed_before_another_had_published_begins_anew(run, laptop, server):
    """Both look at an empty bucket; the first one publishes while the second one still plans."""
    overtaken = []

    def first(request):
        if request.kind == "NOTE" and request.method == "GET" and not overtaken:
            overtaken.append(None)
            laptop()

    edit(run, "mine")
    edit(laptop, "theirs")
    server.on_request = first

    with pytest.raises(Overtaken, match="publish again"):
        run()

    assert everything(server)[PAGE] == b"theirs"


@pytest.mark.parametrize(
    ("status", "code"),
    [("501 Not Implemented", "NotImplemented"), ("412 Failed", "PreconditionFailed")],
)
def test_a_server_that_knows_no_conditions_is_asked_what_is_there(run, server, status, code):
    """Some do not know them, and one takes the right ETag for a wrong one."""

    def conditional(request):
        return bool({"if-match", "if-none-match"} & request.headers.keys())

    server.faults.append(Fault(conditional, status, code))

    run()

    assert everything(server) == run.site.bodies()
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


def test_a_claim_goes_with_its_publish_also_with_one_that_fails(run, site, server):
    server.refuse(PAGE)

    with pytest.raises(Exception, match="access denied"):
        run()

    assert CLAIM not in {*server.objects("site", manifest=True)}


@pytest.mark.parametrize(("age", "free"), [(23, False), (25, True), (-25, True)])
def test_a_claim_that_died_is_in_nobodys_way_for_longer_than_a_day(run, server, age, free):
    since = NOW - timedelta(hours=age)
    dead = {"machine": "m", "host": "studio", "since": since.isoformat(), "publish": "p"}
    server.put("site", CLAIM, json.dumps(dead).encode())

    if free:
        run(now=NOW)
    else:
        with pytest.raises(Overtaken, match="'studio' is publishing since 2026-11-27T13"):
            run(now=NOW)
        with pytest.raises(Overtaken, match="add --take-over if it has died"):
            run(now=NOW, overwrite=True)
        run(now=NOW, take_over=True)

    assert everything(server) == run.site.bodies()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"machine": "m"}', b"\xff", b"[" * 99_999])
def test_a_damaged_claim_is_nobodys(run, server, content):
    server.put("originals", CLAIM, content)

    run()

    assert everything(server) == run.site.bodies()


pages = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"))


@given(pages, pages, pages)
def test_what_is_taken_back_is_what_they_changed_and_we_did_not_bring(base, theirs, ours):
    lost = taken_back(base, theirs, ours)

    for page in "abcd":
        changed = theirs.get(page) != base.get(page)
        assert (page in lost) == (changed and theirs.get(page) != ours.get(page))
    assert taken_back(base, theirs, theirs) == ()
    assert taken_back(theirs, theirs, ours) == ()
