"""A server on loopback, a built site, and someone who publishes it there."""

import pytest

from fakes.aws_owner import connections
from fakes.built_site import BuiltSite
from fakes.publisher import Publisher
from fakes.s3 import ENVIRONMENT, serving_s3
from fakes.s3_servers import CHOSEN
from fakes.undoer import Undoer


@pytest.fixture(scope="session")
def chosen():
    """The server of the whole run; Ceph takes its time to start."""
    with serving_s3(name=CHOSEN) as fake:
        yield fake


@pytest.fixture(scope="module")
def running(chosen):
    return chosen


@pytest.fixture(scope="module")
def clients(running):
    """The connections of somebody who owns the account."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield connections(running.url)


@pytest.fixture
def server(running, monkeypatch, request):
    lacks = running.server.lacks
    for mark in request.node.iter_markers("needs"):
        for capability in mark.args:
            if capability in lacks:
                pytest.skip(f"{capability}: {lacks[capability]}")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL_CLOUDFRONT": running.url}).items():
        monkeypatch.setenv(name, value)
    running.begin()
    return running


@pytest.fixture
def site(tmp_path):
    return BuiltSite(tmp_path)


@pytest.fixture
def run(site, server):
    return Publisher(site, server)


@pytest.fixture
def me(run):
    run.server.keep_versions("originals", "site")
    return Undoer(run)


@pytest.fixture
def undoable(me):
    """Someone who has published twice."""
    me.publish()
    me.first = me.stored()
    me.change()
    me.publish(delete=True)
    me.second = me.stored()
    assert me.first != me.second
    me.server.forget()
    return me
