"""What a worker does with one order, whoever brings it."""

import hashlib
import sys
from dataclasses import replace

import pytest

from fakes.publisher import ORIGINAL, Publisher, manifest
from fakes.s3 import ENVIRONMENT, serving_s3
from fakes.s3_servers import needs
from pelican_photos import images
from pelican_photos.errors import PublishError
from pelican_photos.publish import cluster_worker, policies
from pelican_photos.publish.cluster_orders import Order, Recipe, Refused, Source, Storage, read
from pelican_photos.publish.cluster_worker import bucket_of, make

RECIPE = Recipe(quality=78, formats=("webp",))
SIZES = {"small": ((4, 4), "webp"), "large": ((16, 16), "webp")}


@pytest.fixture(autouse=True)
def _new_connections():
    """Let no connection of another test's server be used again."""
    bucket_of.cache_clear()


def order_for(server) -> Order:
    """Order two renditions of the first photo, as it was published."""
    known = manifest(server, "originals").objects[ORIGINAL]
    return Order(
        storage=Storage(
            bucket="originals",
            prefix="",
            owner="",
            s3_endpoint=server.url,
            s3_region="us-east-1",
        ),
        source=Source(key=ORIGINAL, etag=known.etag, size=known.size),
        digest=known.sha256,
        wanted=SIZES,
        recipe=RECIPE,
        encoder=cluster_worker.encoder(RECIPE),
    )


@pytest.fixture
def order(run):
    run()
    return order_for(run.server)


def order_of(server, order, body: bytes) -> Order:
    """Put other bytes where the original was, and order renditions of them."""
    server.put("originals", ORIGINAL, body)
    etag = server.objects("originals")[ORIGINAL].etag
    return replace(
        order,
        source=Source(key=ORIGINAL, etag=etag, size=len(body)),
        digest=hashlib.sha256(body).hexdigest(),
    )


def lies_at(server, key: str) -> bytes:
    return server.objects("originals", manifest=True)[key].body


def test_the_answer_that_is_returned_lies_beside_what_it_names(order, server, site):
    answer = make(order)

    assert lies_at(server, order.answer_key) == answer
    colour, encoded = images.encode(site.originals()[0][1], [(4, 4), (16, 16)], quality=78)
    assert read(answer).colour == colour
    assert [lies_at(server, order.rendition_key(key)) for key in SIZES] == [
        each.data for each in encoded
    ]


def test_what_was_made_before_is_not_made_again(order, server):
    answer = make(order)
    server.forget()

    assert make(order) == answer
    assert [each.method for each in server.requests] == ["GET"]


@needs("conditions")
def test_a_rendition_that_lies_there_stays_where_it_is_the_same(order, server):
    make(order)
    expected = lies_at(server, order.rendition_key("small"))
    server.put("originals", order.rendition_key("small"), b"damaged")

    answer = read(make(replace(order, anew=True)))

    assert lies_at(server, order.rendition_key("small")) == expected
    assert answer.sha256["small"] == hashlib.sha256(expected).hexdigest()


@pytest.mark.parametrize("damaged", [b"", b'{"version": 1}'])
def test_a_damaged_answer_is_made_anew(order, server, damaged):
    server.put("originals", order.answer_key, damaged)

    answer = make(order)

    assert read(answer).is_for(order)
    assert lies_at(server, order.answer_key) == answer


def test_an_order_for_other_pixels_is_refused_before_anything_is_read(order, server):
    server.forget()

    refused = make(replace(order, encoder="1 Pillow 0"))

    assert isinstance(refused, Refused)
    assert "another encoder" in refused.problem
    assert server.requests == []


def test_a_worker_that_cannot_read_heic_is_unfit_whatever_the_photo(order, server, monkeypatch):
    pytest.importorskip("pillow_heif", reason="needs pelican-photostream[heic]")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    server.forget()

    refused = make(order)

    assert isinstance(refused, Refused)
    assert refused.unfit
    assert server.requests == []


def test_what_is_no_picture_is_refused_by_the_name_that_it_has_in_the_bucket(order, server):
    refused = make(order_of(server, order, b"no picture"))

    assert isinstance(refused, Refused)
    assert not refused.unfit
    assert refused.problem.startswith(f"{ORIGINAL} is not a picture")


def test_what_has_changed_since_is_refused_in_words_for_a_build(order, server):
    server.put("originals", ORIGINAL, b"a stranger's")

    assert make(order) == Refused(f"{ORIGINAL} has changed in the bucket since it was published")


def test_what_breaks_off_is_worth_another_attempt(order, server):
    server.spoil(ORIGINAL, lambda body: body[:-1])

    with pytest.raises(PublishError, match=f"{ORIGINAL} broke off on its way to the worker"):
        make(order)
    assert read(make(order)).is_for(order)


def test_a_failure_travels_as_a_sentence_and_holds_on_to_no_request(order, server):
    server.refuse(ORIGINAL, kind="GET")

    with pytest.raises(PublishError, match="access denied") as failed:
        make(order)

    assert (failed.value.__cause__, failed.value.__context__) == (None, None)


def test_the_policy_of_a_worker_is_enough_and_no_more(site, monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with serving_s3(name="iam") as server:
        Publisher(site, server)()
        order = order_for(server)
        server.server.permit(policies.worker(policies.Place(bucket="originals")))

        server.put("originals", order.rendition_key("small"), b"another worker's")
        answer = make(order)

        assert read(answer).is_for(order)
        bucket = bucket_of(order.storage)
        with pytest.raises(PublishError, match="access denied"):
            bucket.put(ORIGINAL, b"?", content_type="image/jpeg", cache_control="no-store")
        with pytest.raises(PublishError, match="access denied"):
            bucket.remove(order.rendition_key("small"))
