"""Whatever moment an import is killed at, the next one ends with the same bytes."""

import os
import shutil
from dataclasses import replace
from itertools import count

import pytest

from builders import a_comment, a_media, a_post, a_video
from fakes.importing import files, imported
from fakes.killing import killed_before
from fakes.pictures import saved_scene
from fakes.source import FakeSource
from pelican_photos.model import Edition, Location

POST = a_post(
    media=(
        a_media(1, id="301", names=("1_2_1_n",)),
        a_video(2, id="302", names=("1_2_2_n",), subtitles="2.srt"),
    ),
    comment_count=1,
    edition=Edition(3),
    raw={"said": "first"},
)
EDITED = replace(
    POST, caption="Ships #sea", location=Location(name="Nazaré"), raw={"said": "later"}
)
EXPORTED = replace(
    POST,
    uid="instagram-export:17841400000000001",
    media=(a_media(1, picture="export/1.jpg", names=("1_2_1_n",), width=0), POST.media[1]),
    edition=Edition(1),
    raw={"said": "in an export"},
)
BYTES = {"2.srt": b"1\n00:00:00,000 --> 00:00:01,000\nBoats\n"} | {
    f"https://cdn/{n}.jpg": saved_scene(108) for n in (1, 2)
}


def live(post):
    return FakeSource(post, broken=BYTES, comments={POST.uid: (a_comment(),)})


def export(form):
    return FakeSource(EXPORTED, live=False, broken={"export/1.jpg": saved_scene(144, form)})


def fresh(folder, before, number):
    root = shutil.copytree(before, folder / str(number))
    return root, root / "content"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize(
    ("first", "then", "changes"),
    [
        ([], lambda: live(POST), 30),
        ([live(POST)], lambda: live(EDITED), 5),
        ([live(POST)], lambda: export("JPEG"), 8),
        ([live(POST)], lambda: export("WEBP"), 8),
        ([live(POST)], lambda: FakeSource(a_post("B", caption="B")), 5),
    ],
    ids=["new", "edited", "larger", "larger-and-of-another-kind", "gone"],
)
def test_a_run_that_is_killed_at_any_change_is_completed_by_the_next(
    tmp_path, first, then, changes
):
    before = tmp_path / "before"
    (before / "content").mkdir(parents=True)
    for source in first:
        imported(before / "content", source)
    whole, photos = fresh(tmp_path, before, "whole")
    imported(photos, then())

    for number in count(1):
        root, photos = fresh(tmp_path, before, number)
        if not killed_before(number, lambda photos=photos: imported(photos, then())):
            break
        imported(photos, then())
        assert files(root) == files(whole), f"killed before change {number}"
    assert number > changes
