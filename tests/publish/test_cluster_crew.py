"""A scheduler or workers that are not there, or not for long."""

import sys

import pytest

from fakes.cluster_builder import MADE, NOBODY, WEBP, Builder
from fakes.dask_cluster import (
    DASK_WITHOUT_US,
    WORKER_KEYS,
    key_of,
    running_cluster,
    running_scheduler,
    silent_port,
)
from fakes.s3_servers import needs
from pelican_photos.errors import ClusterError, SettingsError
from pelican_photos.executor import executor_of
from pelican_photos.publish.cluster_calls import Patience
from pelican_photos.publish.cluster_crew import Crew


@pytest.fixture
def builder(run):
    """One who has to name a cluster."""
    return Builder(run, None)


@pytest.fixture
def doomed(tmp_path):
    """A cluster for one test, after which not all of it is left."""
    (tmp_path / "cluster").mkdir()
    with running_cluster(tmp_path / "cluster") as cluster:
        yield cluster


def test_a_scheduler_that_is_not_there_ends_the_build_in_one_line(builder):
    crew = Crew(NOBODY, WEBP, builder.say, patience=Patience(0.2, 0.2))

    with pytest.raises(ClusterError) as refused:
        builder.build(crew=crew)

    assert "tcp://127.0.0.1:9 cannot be reached" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_scheduler_that_says_nothing_ends_the_build_too(builder):
    with silent_port() as address, pytest.raises(ClusterError, match="cannot be reached"):
        builder.build(crew=Crew(address, WEBP, builder.say, patience=Patience(0.5, 0.2)))


def test_a_scheduler_without_this_package_is_told_of_at_once(builder, tmp_path):
    with running_scheduler(tmp_path, DASK_WITHOUT_US) as lonely:
        crew = Crew(lonely.address, WEBP, builder.say)
        with pytest.raises(ClusterError, match=r"install this release .* there, too") as refused:
            builder.build(crew=crew)

    assert "pelican_photos" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dask_scheduler": ""}, "PHOTOS_DASK_SCHEDULER is not set"),
        ({"dask_scheduler": "10.0.0.5"}, "PHOTOS_DASK_SCHEDULER is '10.0.0.5'"),
        ({"bucket": ""}, "PHOTOS_BUCKET is not set"),
    ],
)
def test_what_a_cluster_needs_has_to_be_set(site, changes, said):
    settings = {"executor": "dask", "dask_scheduler": "tcp://127.0.0.1:8786"} | changes

    with pytest.raises(SettingsError, match=said):
        executor_of(site.settings(**settings), print)


def test_without_dask_the_extra_is_named(site, monkeypatch):
    monkeypatch.delitem(sys.modules, "distributed", raising=False)
    monkeypatch.setattr(sys, "path", [])
    settings = site.settings(executor="dask", dask_scheduler="tcp://127.0.0.1:8786")

    with pytest.raises(SettingsError, match=r"install 'pelican-photostream\[dask\]'"):
        executor_of(settings, print)


@needs("any key")
def test_a_worker_that_is_killed_loses_nothing(run, doomed):
    builder = Builder(run, doomed, photos=8)
    killed = []

    def kill_who_puts(request):
        if request.method == "PUT" and MADE in request.key and not killed:
            killed.append(key_of(request))
            doomed.kill(key_of(request))

    builder.server.on_request = kill_who_puts
    by_workers, here = builder.build()
    by_threads, _ = builder.build("other", executor="threads")

    assert by_workers == by_threads
    assert here == set()
    assert killed[0] in WORKER_KEYS
    [survivor] = {*WORKER_KEYS} - {*killed}
    assert survivor in {key for slug in builder.site.slugs for key in builder.read(slug)}
    assert sum(len(builder.read(slug)) for slug in builder.site.slugs) == 9


@needs("any key")
def test_without_its_scheduler_what_is_left_is_made_here(run, doomed):
    builder = Builder(run, doomed)

    def kill_it(request):
        if request.method == "PUT" and MADE in request.key:
            builder.workers.scheduler.kill()

    builder.server.on_request = kill_it
    crew = Crew(doomed.address, WEBP, builder.say, patience=Patience(3, 60, 0.3))
    made, here = builder.build(crew=crew)
    builder.server.on_request = lambda _: None

    assert here
    assert all(entry.problem == "" for entry, _ in made.values())
    assert "is gone" in builder.said[-1]
