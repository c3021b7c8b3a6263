"""A server on loopback, a built site, and someone who publishes it there."""

import pytest

from fakes.built_site import BuiltSite
from fakes.publisher import Publisher
from fakes.s3 import ENVIRONMENT, serving_s3


@pytest.fixture(scope="module")
def running():
    with serving_s3() as fake:
        yield fake


@pytest.fixture
def server(running, monkeypatch):
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
