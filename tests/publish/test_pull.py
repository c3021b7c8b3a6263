"""Originals that come back from the bucket: lost, damaged, changed, and none of these."""

import os
import shutil

import pytest

from fakes.built_site import picture, picture_with_gps
from fakes.publisher import ORIGINAL
from fakes.puller import Puller
from fakes.s3_faults import flip
from pelican_photos.errors import Guarded, PublishError, SettingsError
from pelican_photos.publish.private import MANIFEST, untouched_key

BOATS = "2024-05-01-boats.jpg"
BESIDE = "2024-05-01-boats.remote.jpg"
DAY = 86_400_000_000_000  # nanoseconds


@pytest.fixture
def pull(site, server):
    return Puller(site, server)


def damage(file):
    """Change one bit and leave size and time as they are, as a failing disk does."""
    time = file.stat().st_mtime_ns
    file.write_bytes(flip(file.read_bytes()))
    os.utime(file, ns=(time, time))


def edit(file, body):
    """Change a file as its owner does, a day later."""
    time = file.stat().st_mtime_ns + DAY
    file.write_bytes(body)
    os.utime(file, ns=(time, time))


def test_what_was_lost_comes_back_with_its_bytes_and_its_time(run, pull, server):
    run()
    before = pull.files()
    times = {file.name: file.stat().st_mtime_ns for file in pull.folder.iterdir()}
    pull.lose()
    server.forget()

    outcome = pull()

    assert pull.files() == before
    assert {file.name: file.stat().st_mtime_ns for file in pull.folder.iterdir()} == times
    assert outcome.exit_status == 0
    assert str(outcome).startswith("3 fetched (")
    assert server.counts == {"LIST": 1, "GET": 3}  # no HEAD, and the manifest is known here


def test_a_machine_that_never_published_asks_for_the_manifest_once(run, pull, server, site):
    run()
    pull.lose()
    shutil.rmtree(site.root / ".photos")
    server.forget()

    pull()

    assert server.counts == {"LIST": 1, "NOTE": 1, "GET": 3}
    assert [request.key for request in server.requests if request.kind == "NOTE"] == [MANIFEST]


def test_a_second_pull_fetches_nothing(run, pull, server):
    run()
    pull.lose()
    pull()
    server.forget()

    assert str(pull()) == "0 fetched (0 B), 3 as they were"

    assert server.counts == {"LIST": 1}


def test_an_original_comes_back_with_what_the_public_does_not_see(run, pull, site, server):
    body = picture_with_gps()
    site.write_original("2024-05-01-boats", body)
    run()
    pull.lose()

    pull()

    assert pull.files()[BOATS] == body != server.bodies("originals")[ORIGINAL]


def test_the_public_copy_is_replaced_by_the_untouched_file(run, pull, site, server):
    body = picture_with_gps()
    site.write_original("2024-05-01-boats", body)
    run()
    site.write_original("2024-05-01-boats", server.bodies("originals")[ORIGINAL])

    outcome = pull()

    assert pull.files()[BOATS] == body
    assert "1 replaced by the untouched file" in str(outcome)


def test_an_untouched_file_stays_where_the_bucket_has_but_its_public_copy(run, pull, site, server):
    body = picture_with_gps()
    file = site.write_original("2024-05-01-boats", body)
    run()
    server.remove("originals", untouched_key(ORIGINAL))

    assert "1 are here alone" in str(pull())
    assert pull.files()[BOATS] == body

    shutil.rmtree(site.root / ".photos")
    server.remove("originals", MANIFEST)
    pull()
    assert pull.files()[BOATS] == body
    file.unlink()
    pull()
    assert pull.files()[BOATS] == server.bodies("originals")[ORIGINAL]


def test_silent_damage_is_found_and_repaired(run, pull):
    run()
    before = pull.files()
    damage(pull.folder / BOATS)

    outcome = pull()

    assert pull.files() == before
    assert "1 repaired" in str(outcome)


def test_an_empty_file_is_repaired_whatever_its_time(run, pull):
    run()
    before = pull.files()
    edit(pull.folder / BOATS, b"")

    pull()

    assert pull.files() == before


@pytest.mark.parametrize("body", [picture(99), flip(picture(0))], ids=["other", "as long"])
def test_an_edit_of_the_owner_stays_and_the_buckets_version_lies_beside(run, pull, body):
    run()
    published = pull.files()[BOATS]
    edit(pull.folder / BOATS, body)

    first, second = pull(), pull()

    assert pull.files()[BOATS] == body
    assert pull.files()[BESIDE] == published
    assert first.received == len(published)
    assert (second.received, first.exit_status, second.exit_status) == (0, 0, 0)


def test_an_edit_that_kept_its_time_but_not_its_length_stays(run, pull):
    run()
    file = pull.folder / BOATS
    time = file.stat().st_mtime_ns
    file.write_bytes(picture(99) + b"more")
    os.utime(file, ns=(time, time))

    pull()

    assert pull.files()[BOATS] == picture(99) + b"more"


def test_another_file_beside_an_edit_is_not_overwritten(run, pull):
    run()
    edit(pull.folder / BOATS, picture(99))
    (pull.folder / BESIDE).write_bytes(b"mine")

    outcome = pull()

    assert pull.files()[BESIDE] == b"mine"
    assert outcome.exit_status == 1
    assert BESIDE in str(outcome)


def test_what_is_neither_here_nor_there_is_said(run, pull, server):
    run()
    pull.lose()
    server.remove("originals", ORIGINAL)

    outcome = pull()

    assert outcome.exit_status == 1
    assert f"1 lacking, neither here nor in the bucket ({ORIGINAL})" in str(outcome)
    assert len(pull.files()) == 2


def test_nothing_is_ever_deleted_and_what_no_page_names_is_left_in_the_bucket(run, pull, site):
    run()
    (pull.folder / "mine.jpg").write_bytes(b"mine")
    pull.lose(BOATS)

    outcome = pull(originals=site.originals()[1:])

    assert pull.files()["mine.jpg"] == b"mine"
    assert BOATS not in pull.files()
    assert "1 originals in the bucket are named by no page here" in str(outcome)


def test_a_draft_that_is_published_by_now_is_found_under_its_old_name(run, pull, site):
    named = site.originals()
    run(originals=[(f"drafts/{key}", file) for key, file in named])
    before = pull.files()
    pull.lose()

    assert pull(originals=named).exit_status == 0

    assert pull.files() == before


def test_a_dry_run_says_what_it_would_fetch_and_why(run, pull):
    run()
    pull.lose(BOATS)

    outcome = pull(dry_run=True)

    assert list(outcome.lines()) == [f"  fetch {ORIGINAL} ({outcome.verdicts[0].size} B): not here"]
    assert "1 would be fetched" in str(outcome)
    assert BOATS not in pull.files()


def test_verifying_says_where_the_two_sides_differ_and_changes_nothing(run, pull, server, site):
    run()
    assert pull(verify=True).exit_status == 0
    damage(pull.folder / BOATS)
    server.remove("originals", "photos/2024/2024-05-02-boats.jpg")
    pull.lose("2024-05-03-boats.jpg")
    server.forget()
    before = pull.files()

    outcome = pull(verify=True)

    assert outcome.exit_status == 3
    assert list(outcome.lines()) == [
        f"  {ORIGINAL}: damaged here",
        "  photos/2024/2024-05-02-boats.jpg: not in the bucket",
        "  photos/2024/2024-05-03-boats.jpg: not here",
    ]
    assert pull.files() == before
    assert server.counts == {"LIST": 1}


def test_an_object_that_a_stranger_overwrote_is_drift_and_never_fetched(run, pull, server):
    run()
    server.put("originals", ORIGINAL, b"something else")

    assert pull(verify=True).exit_status == 3
    assert pull().exit_status == 0
    pull.lose(BOATS)
    outcome = pull()

    assert BOATS not in pull.files()
    assert outcome.exit_status == 1
    assert "not what was published" in str(outcome)


@pytest.mark.parametrize("manifest", [None, b"torn"])
def test_without_a_manifest_the_listing_has_to_do(run, pull, server, site, manifest):
    run()
    before = pull.files()
    pull.lose(BOATS)
    shutil.rmtree(site.root / ".photos")
    server.remove("originals", MANIFEST)
    if manifest:
        server.put("originals", MANIFEST, manifest)

    outcome = pull()

    assert pull.files() == before
    assert str(outcome).startswith("1 fetched")
    assert "compared by size and ETag alone" in pull.said[0]


def test_without_a_manifest_no_file_is_overwritten(run, pull, server, site):
    run()
    server.remove("originals", MANIFEST)
    shutil.rmtree(site.root / ".photos")
    damage(pull.folder / BOATS)
    before = pull.files()

    outcome = pull()

    assert pull.files() == before
    assert "1 left as they are" in str(outcome)


def test_a_folder_without_a_bucket_is_told_so(pull):
    with pytest.raises(SettingsError, match="PHOTOS_BUCKET"):
        pull(settings={"bucket": ""})


def test_two_names_that_some_systems_take_for_one_are_refused_before_any_request(
    pull, site, server
):
    twin = pull.folder / BOATS.upper()

    with pytest.raises(Guarded, match="one file on some systems"):
        pull(originals=[*site.originals(), ("photos/2024/x.jpg", twin)])

    assert server.requests == []


def test_two_files_of_one_key_are_refused(pull, site):
    with pytest.raises(PublishError, match="rename one of them"):
        pull(originals=[*site.originals(), (ORIGINAL, pull.folder / "other.jpg")])


def test_progress_tells_files_and_bytes(run, pull):
    run()
    pull.lose()

    pull()

    stages = {shown[0] for shown in pull.progress}
    assert stages == {"reading", "fetching"}
    assert pull.progress[-1][:3] == ("fetching", 3, 3)
    received, _, total = pull.progress[-1][3].rpartition(" of ")
    assert received == total
