"""Pages whose pictures are offered in AVIF, in a browser that takes it."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["list", "photo", "album", "picture of the album"])
def test_the_browser_takes_avif_and_the_page_looks_as_it_does_without(seen, kind):
    page = seen["formats"][kind]

    assert "avif" in page["loaded"]
    assert page["offered"] == page["plain"]


def test_the_viewer_takes_avif_too(seen):
    assert seen["formats"]["photo"]["viewed"] == "avif"
