"""Renditions made by workers of a real cluster, from a real bucket; each process is its own."""

import io
import threading
import time

import distributed.versions
import pytest

from fakes import pictures
from fakes.cluster_builder import MADE, WEBP, Builder
from fakes.dask_cluster import (
    DASK_WITHOUT_HEIC,
    WORKER_KEYS,
    running_cluster,
)
from fakes.s3_credentials import KEY, SECRET
from fakes.s3_faults import Fault
from fakes.s3_servers import needs
from fakes.tcp_link import linked_to
from pelican_photos.errors import PublishError
from pelican_photos.publish.cluster_calls import Patience
from pelican_photos.publish.cluster_crew import Crew


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def builder(run, workers):
    return Builder(run, workers)


def until_it_stays(number, seconds=0.3):
    """Give a number that has been the same for so long."""
    last, since = number(), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.02)
        if number() != last:
            last, since = number(), time.monotonic()
    return last


@needs("any key")
def test_workers_make_what_threads_would_of_originals_in_the_bucket(builder):
    both = {"formats": ("avif", "webp"), "steps": ("30h", "60h", "300h")}
    by_workers, here = builder.build(**both)
    by_threads, _ = builder.build("other", executor="threads", **both)

    assert by_workers == by_threads
    assert here == set()
    assert all(entry.problem == "" for entry, _ in by_workers.values())
    for slug in builder.site.slugs:
        assert len(builder.read(slug)) == 1
        assert set(builder.read(slug)) <= {*WORKER_KEYS}
    read = {each.key for each in builder.server.requests if each.key.endswith(".jpg")}
    with_place = f"photos/2024/{builder.site.slugs[0]}.jpg"
    assert f".pelican-photos/originals/{with_place}" in read  # as the public copy lacks it
    assert with_place not in read
    made = builder.made()
    kinds = {stored.content_type for stored in made.values()}
    assert kinds == {"image/webp", "image/avif", "application/json"}
    assert {stored.cache_control for stored in made.values()} == {"private, no-store"}


@needs("any key")
def test_another_machine_fetches_them_without_a_cluster_unless_they_were_changed(builder):
    first, _ = builder.build()
    spoilt = builder.site.slugs[1]
    _, data = first[f"{spoilt}.jpg"][1][0]
    [key] = [key for key, stored in builder.made().items() if stored.body == data]
    builder.server.put("originals", key, b"RIFF\x04\0\0\0WEBP")
    builder.server.forget()

    crew = Crew("tcp://127.0.0.1:9", WEBP, builder.say, patience=Patience(0.2, 0.2))
    second, here = builder.build("another", crew=crew)

    assert second == first
    assert here == {f"{spoilt}.jpg"}
    assert not any(builder.read(slug) for slug in builder.site.slugs)
    fetched, made = builder.said[-2:]
    assert fetched == "Renditions of 3 photos were in 'originals' already"
    assert made.startswith("Renditions of 1 photo were made on this machine, as they could not be")
    assert made.endswith(f"{key} is not what was put there; delete it")


@needs("any key")
@pytest.mark.parametrize("loss", ["gone", "damaged"])
def test_what_was_lost_in_the_bucket_is_made_anew_by_workers(builder, loss):
    first, _ = builder.build()
    before = builder.made()
    lost = [key for key in before if key.endswith(".webp")][::3]
    for key in lost:
        if loss == "gone":
            builder.server.remove("originals", key)
        else:
            builder.server.put("originals", key, b"RIFF\x04\0\0\0WEBP")

    second, here = builder.build("another")

    assert second == first
    assert here == set()
    assert {key: each.body for key, each in builder.made().items()} == {
        key: each.body for key, each in before.items()
    }


@needs("any key")
def test_what_may_not_be_fetched_is_made_here_and_not_anew_by_workers(builder):
    first, _ = builder.build()
    closed = builder.site.slugs[1]
    _, data = first[f"{closed}.jpg"][1][0]
    [key] = [key for key, stored in builder.made().items() if stored.body == data]
    builder.server.forget()
    builder.server.faults.append(Fault(lambda it: it.key == key, "403 Forbidden", "AccessDenied"))

    second, here = builder.build("another")

    assert second == first
    assert here == {f"{closed}.jpg"}
    assert not any(builder.read(slug) for slug in builder.site.slugs)


@needs("any key")
def test_what_workers_cannot_make_is_made_here_and_counted_without_a_secret(run, workers):
    builder = Builder(run, workers, photos=5)
    _, changed, replaced, forbidden, spoilt = builder.site.slugs
    new = io.BytesIO()
    pictures.noise(80, 60).save(new, "JPEG")
    builder.site.write_original(changed, new.getvalue())
    builder.server.put("originals", f"photos/2024/{replaced}.jpg", b"a stranger's")
    builder.server.refuse(f"photos/2024/{forbidden}.jpg", kind="GET", message=f"{KEY} {SECRET}")

    builder.server.spoil(f"photos/2024/{spoilt}.jpg", lambda body: body[:-1] + b"?", times=9)

    made, here = builder.build()

    assert here == {f"{slug}.jpg" for slug in (changed, replaced, forbidden, spoilt)}
    assert all(entry.problem == "" for entry, _ in made.values())
    assert len(builder.read(forbidden)) == len(builder.read(spoilt)) == 3
    assert len(builder.read(replaced)) == 1
    assert "Renditions of 1 photo were made by 2 workers" in builder.said[-3]
    assert "Renditions of 1 photo were made on this machine, as 'originals'" in builder.said[-2]
    assert "Renditions of 3 photos were made on this machine, as they could not" in builder.said[-1]
    assert sum("from elsewhere are made here" in line for line in builder.said) == 1
    logs = [file.read_text() for file in builder.workers.folder.glob("*.log")]
    assert any("Compute Failed" in log for log in logs)
    for text in (*logs, *builder.said):
        assert SECRET not in text
        assert KEY not in text


@needs("any key")
def test_answers_that_are_slow_to_come_are_waited_for(run, workers):
    builder = Builder(run, workers, photos=8)  # Dask fetches five, and all others in one go
    workers.hold_answers_back(1)
    crew = Crew(workers.address, WEBP, builder.say, patience=Patience(look=0.3))

    made, here = builder.build(crew=crew)

    assert here == set()
    assert len(made) == 8


def test_workers_with_another_encoder_get_no_work(builder):
    crew = Crew(
        builder.workers.address,
        WEBP,
        builder.say,
        made_by="1 Pillow 0",
        patience=Patience(workers=0.5, look=0.1),
    )

    _, here = builder.build(crew=crew)

    assert len(here) == 4
    assert "is fit" in builder.said[2]
    assert builder.heard[2] - builder.heard[1] >= 0.5  # one that is fit might still have joined
    told = [line for line in builder.said if "gets no work: it has" in line]
    assert len(told) == len(builder.workers.workers)
    assert all("'1 Pillow 0'" in line and "same Pillow and pillow-heif" in line for line in told)


def test_a_bucket_that_gives_nothing_is_not_asked_for_every_photo(run, workers):
    builder = Builder(run, workers, photos=60, size=(80, 60))
    builder.server.faults.append(Fault(lambda it: MADE in it.key, "403 Forbidden", "AccessDenied"))

    made, here = builder.build()

    assert len(made) == len(here) == 60
    assert 30 <= sum(MADE in each.key for each in builder.server.requests) < 50
    assert "Renditions of 60 photos were made on this machine" in builder.said[-1]


def test_a_build_that_is_broken_off_calls_off_what_waits(run, workers):
    builder = Builder(run, workers, photos=12)
    is_first, broken_off = threading.Semaphore(), threading.Event()

    def hold_all_but_one(request):
        asked = request.method == "GET" and request.key.endswith(".jpg")
        if asked and not is_first.acquire(blocking=False):
            broken_off.wait(20)

    def interrupted(_done, _total):
        raise KeyboardInterrupt

    builder.server.on_request = hold_all_but_one
    with pytest.raises(KeyboardInterrupt):
        builder.build(progress=interrupted)
    broken_off.set()

    read = until_it_stays(lambda: sum(bool(builder.read(slug)) for slug in builder.site.slugs))
    assert 1 <= read <= 3  # what was made, and what each worker had begun


def test_a_bucket_that_cannot_be_read_ends_the_build_in_one_line(builder):
    builder.server.refuse(kind="NOTE")

    with pytest.raises(PublishError, match="access denied") as refused:
        builder.build()

    assert "\n" not in str(refused.value)


@needs("any key")
def test_a_worker_that_says_nothing_gets_no_work(builder):
    to_load_it = Crew(builder.workers.address, WEBP, builder.say)
    to_load_it.connect()
    to_load_it.dismiss()
    patience = Patience(look=0.1, prompt=1.2, ask_again=0.3)
    silent, told = WORKER_KEYS[0], threading.Event()

    def hold_until_it_was_asked_again(request):
        if request.method == "GET" and request.key.endswith(".jpg"):
            told.wait(10)

    def say(line):
        builder.said.append(line)
        if "gets no work" in line:
            told.set()

    crew = Crew(builder.workers.address, WEBP, say, patience=patience)
    builder.server.on_request = hold_until_it_was_asked_again
    with builder.workers.stopped(silent):
        made, here = builder.build(crew=crew)

    assert here == set()
    assert len(made) == 4
    assert {key for slug in builder.site.slugs for key in builder.read(slug)} == {WORKER_KEYS[1]}
    [line] = [line for line in builder.said if "gets no work" in line]
    assert line.endswith("gets no work: TimeoutError: it does not answer")


@needs("any key")
def test_workers_that_are_short_of_memory_are_not_waited_for_without_end(builder):
    crew = Crew(
        builder.workers.address, WEBP, builder.say, patience=Patience(workers=0.5, look=0.1)
    )

    crew.connect()
    with builder.workers.paused():
        made, here = builder.build(crew=crew)

    assert len(here) == len(made) == 4
    assert "could not be had from elsewhere" in builder.said[-1]


@needs("any key")
def test_a_worker_that_joins_later_and_is_not_fit_loses_nothing(run, workers):
    pytest.importorskip("pillow_heif", reason="needs pelican-photostream[heic]")
    builder = Builder(run, workers, photos=8)
    crew = Crew(workers.address, WEBP, builder.say, patience=Patience(look=60))
    crew.connect()

    with workers.joined_by(DASK_WITHOUT_HEIC):
        made, here = builder.build(crew=crew)

    assert here == set()
    assert len(made) == 8
    assert "by 2 workers" in builder.said[-1]


@needs("any key")
def test_a_connection_that_is_cut_loses_nothing(run, workers, monkeypatch):
    # At each handshake Dask warns of what is missing on one side.
    monkeypatch.setattr(distributed.versions, "required_packages", [])
    builder = Builder(run, workers, photos=8)

    with linked_to(workers.port) as link:

        def cut(request):
            if request.method == "PUT" and MADE in request.key:
                builder.server.on_request = lambda _: None
                link.cut()

        builder.server.on_request = cut
        crew = Crew(f"tcp://127.0.0.1:{link.port}", WEBP, builder.say)
        by_workers, here = builder.build(crew=crew)
    by_threads, _ = builder.build("other", executor="threads")

    assert by_workers == by_threads
    assert here == set()
