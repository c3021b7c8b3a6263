"""What a publish would cost, counted by hand."""

import pytest

from fakes.bucket_contents import a_known, a_local, a_remote
from pelican_photos.publish.objects import PART
from pelican_photos.publish.plan import plan_sync
from pelican_photos.publish.price import price_of


def test_nothing_to_do_costs_the_listing():
    keys = [f"{number}" for number in range(1001)]
    there = dict.fromkeys(keys, a_remote(9))
    here, known = dict.fromkeys(keys, a_local(9)), dict.fromkeys(keys, a_known(9))

    price = price_of([plan_sync(here, there, known)])

    assert (price.requests, price.stored) == (2, 0)


@pytest.mark.parametrize(("size", "requests"), [(1, 1), (PART, 1), (PART + 1, 4), (10 * PART, 12)])
def test_a_big_object_is_begun_sent_in_parts_and_completed(size, requests):
    price = price_of([plan_sync({"a": a_local(size)}, {}, {})])

    assert (price.requests, price.stored) == (1 + 8 + requests, size)


def test_a_library_of_twenty_gigabytes_is_priced_as_aws_lists_it():
    files = {f"{number}": a_local(2_000_000, f"{number}") for number in range(10_000)}

    price = price_of([plan_sync(files, {}, {})])

    assert price.dollars == pytest.approx(10_018 * 0.005 / 1000)
    assert price.monthly == pytest.approx(20 * 0.023)
    assert str(price) == (
        "10,018 requests, at AWS's list price $0.05; 20.0 GB more to keep, $0.46 a month"
    )


def test_what_replaces_something_is_not_more_to_keep():
    plan = plan_sync({"a": a_local(7)}, {"a": a_remote(5, "x")}, {})

    assert price_of([plan]).stored == 0
