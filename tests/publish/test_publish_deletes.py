"""Deletes are asked for, ours alone, and never follow from what is missing here."""

import pytest

from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, RENDITION, everything
from pelican_photos.errors import PublishError
from pelican_photos.publish.private import rendition_key


def test_stale_objects_stay_unless_asked(run, site, server):
    run()
    (site.output / RENDITION).unlink()

    assert "1 stale and kept" in str(run())
    assert RENDITION in server.objects("site")
    assert run(delete=True).deleted == 1
    assert RENDITION not in server.objects("site")
    assert "deleted" not in str(run(delete=True))


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_foreign_objects_survive_every_delete(run, site, server, settings):
    bucket = settings.get("site_bucket", "site")
    server.put(bucket, "foreign.txt", b"not ours")
    run(settings=settings)
    (site.output / RENDITION).unlink()
    (site.output / "index.html").unlink()
    server.put(bucket, "index.html", b"somebody replaced it")

    run(settings=settings, delete=True)

    assert RENDITION not in server.bodies(bucket)
    assert server.bodies(bucket)["foreign.txt"] == b"not ours"
    assert server.bodies(bucket)["index.html"] == b"somebody replaced it"


def test_what_workers_made_is_neither_a_strangers_nor_stale(run, site, server):
    server.put("originals", key := rendition_key("ab", "1.webp"), b"made by a worker")
    run()
    site.slugs.pop()

    run(delete=True)

    assert run.questions == []
    assert server.objects("originals", manifest=True)[key].body == b"made by a worker"


def test_an_error_that_names_none_of_ours_says_that_nothing_is_deleted(run, site, server):
    run()
    (site.output / RENDITION).unlink()
    (site.output / PAGE).unlink()
    server.refuse_to_delete("somebody's")

    with pytest.raises(PublishError, match="2 of 2 stale objects stay in 'site'"):
        run(delete=True)


def test_an_empty_or_missing_site_deletes_nothing(run, site, server):
    run()
    for file in site.output.rglob("*"):
        if file.is_file():
            file.unlink()
    before = everything(server)

    with pytest.raises(PublishError, match="is empty; build it first"):
        run(delete=True)
    site.output.rename(site.root / "elsewhere")
    with pytest.raises(PublishError, match="no built site"):
        run(delete=True)

    assert everything(server) == before


def test_no_original_at_all_deletes_no_original(run, site, server):
    run()

    run(originals=[], delete=True)

    assert set(server.objects("originals")) == {key for key, _ in site.originals()}


def test_a_clone_without_originals_publishes_and_deletes_none(run, site, server):
    run()
    for _, file in site.originals()[1:]:
        file.unlink()

    outcome = run(delete=True)

    assert (outcome.deleted, outcome.exit_status) == (0, 0)
    assert len(server.objects("originals")) == 3


def test_an_empty_original_does_not_take_the_place_of_the_good_one(run, site, server):
    run()
    before = everything(server)
    site.write_original("2024-05-01-boats", b"")

    outcome = run(delete=True)

    assert (outcome.uploaded, outcome.deleted, outcome.missing) == (0, 0, ())
    assert everything(server) == before


def test_an_original_that_is_nowhere_is_said_and_leaves_the_publish_incomplete(run, site, server):
    site.originals()[0][1].unlink()

    outcome = run()

    assert outcome.exit_status == 1
    assert f"neither here nor in the bucket: 1 ({ORIGINAL})" in str(outcome)
    assert "index.html" in server.objects("site")


def test_many_deletes_are_asked_about(run, site, server):
    for number in range(30):
        site.write(f"images/{number}.txt", b"x")
    run()
    for number in range(30):
        (site.output / f"images/{number}.txt").unlink()

    run.agrees = False
    assert run(delete=True).deleted == 0
    assert run.questions == ["Delete 30 of the 43 objects that were put there?"]
    run.agrees = True
    assert run(delete=True).deleted == 30


def test_a_delete_that_the_server_refuses_is_a_failure(run, site, server):
    run()
    (site.output / RENDITION).unlink()
    (site.output / PAGE).unlink()
    server.refuse_to_delete(RENDITION)

    with pytest.raises(PublishError, match=r"1 of 2 stale objects stay in 'site'"):
        run(delete=True)
    server.forget()

    assert PAGE not in server.objects("site")
    assert run(delete=True).deleted == 1
