"""Which comments a page shows."""

import pytest

from builders import a_comment, a_photo
from fakes.site import Site
from pelican_photos.plugin.discussion import shown


def test_a_hidden_comment_takes_its_answers_along():
    said = (
        a_comment(1, hidden=True, answers=(a_comment(2),)),
        a_comment(3, answers=(a_comment(4, hidden=True), a_comment(5))),
    )

    assert shown(said) == (a_comment(3, answers=(a_comment(5),)),)


@pytest.mark.parametrize(
    ("settings", "seen"),
    [({}, {"Comment 3"}), ({"PHOTOS_SHOW_COMMENTS": False}, set())],
)
def test_pages_show_what_nobody_hid_unless_the_site_shows_none(tmp_path, settings, seen):
    site, page = Site(tmp_path), a_photo("boats")
    site.add(page)
    site.comment(page, a_comment(1, hidden=True, answers=(a_comment(2),)), a_comment(3))

    built = site.build(**settings)

    everything = "".join(built.text(address) for address in built.addresses())
    assert {word for word in ("Comment 1", "Comment 2", "Comment 3") if word in everything} == seen
    assert ("Comments" in built.page("photos/2024/boats/").one("main").text) == bool(seen)
