"""What left its profile is marked, told once and kept; nothing else is taken for gone."""

import json
from dataclasses import replace

from builders import a_post
from fakes.importing import files
from fakes.source import FakeSource, cut_short
from pelican_photos.model import Unreadable


def test_a_post_that_left_its_profile_is_marked_told_once_and_kept(import_from, photos):
    import_from(FakeSource(a_post(), a_post("B", caption="Other")))
    before = files(photos / "photos/2024")

    report = import_from(FakeSource(a_post("B", caption="Other")))

    assert report.outcomes == {"instagram:CxYz": "gone", "instagram:B": "unchanged"}
    assert not report.incomplete
    assert files(photos / "photos/2024") == before
    entry = json.loads(next((photos / "photos/.import").glob("*CxYz*")).read_text())
    assert entry["gone"] is True
    assert str(import_from(FakeSource(a_post("B", caption="Other")))) == "1 post: 1 unchanged"
    import_from(FakeSource(a_post(), a_post("B", caption="Other")))
    entry = json.loads(next((photos / "photos/.import").glob("*CxYz*")).read_text())
    assert "gone" not in entry


class Profile(FakeSource):
    """A profile's list, of which some posts are there without standing in it."""

    def __init__(self, *posts, besides=()) -> None:
        super().__init__(*posts)
        self._besides = {post.uid: post for post in besides}

    def refresh(self, uid):
        if uid not in self._besides:
            return super().refresh(uid)
        self.asked.append(f"refresh {uid}")
        return self._besides[uid]


def test_a_post_that_is_there_without_standing_in_the_list_is_asked_for_once(import_from):
    off_the_grid = a_post("B", caption="Other")
    import_from(FakeSource(a_post(), off_the_grid))
    source = Profile(a_post(), besides=[off_the_grid])

    reports = [import_from(source), import_from(source)]

    assert source.asked == ["refresh instagram:B"]
    assert [report.count("gone") for report in reports] == [0, 0]


def test_a_post_shared_by_two_profiles_makes_nobody_look_for_the_others_posts(import_from):
    others = a_post("B", caption="Other", owner="bob")
    import_from(FakeSource(others))
    shared = a_post("C", caption="Shared", owner="bob", coauthors=("ana",))
    source = Profile(a_post(owner="ana"), shared, besides=[others])

    import_from(source)

    assert "refresh instagram:B" not in source.asked


def test_a_post_that_nobody_understands_any_more_is_not_looked_for(import_from):
    post = a_post()
    import_from(FakeSource(replace(post, uid="instagram-export:1"), live=False))
    import_from(FakeSource(post))
    source = Profile(Unreadable(uid=post.uid, reason="odd"), a_post("B", caption="B"))

    report = import_from(source)

    assert "refresh instagram:CxYz" not in source.asked
    assert report.count("unreadable") == 1


def test_a_post_that_was_half_here_when_it_left_is_told_once(import_from):
    half = a_post("B", caption="Other", pictures=2)
    import_from(FakeSource(a_post(), half, broken={"https://cdn/2.jpg": cut_short()}))

    assert import_from(FakeSource(a_post())).outcomes["instagram:B"] == "gone"

    assert str(import_from(FakeSource(a_post()))) == "1 post: 1 unchanged"
