"""The pictures and videos of a post, found beside it and fetched."""

import pytest

from fakes.folder_reading import fetched, only_post, source
from fakes.instaloader_folder import DATED, a_node, jpeg
from pelican_photos.errors import MediaError


@pytest.mark.parametrize("suffix", ["webp", "png", "heic", "jpeg"])
def test_a_picture_may_have_any_suffix(folder, suffix):
    form = {"webp": "WEBP", "png": "PNG", "jpeg": "JPEG"}.get(suffix, "JPEG")
    folder.add(a_node(), files=False).write(f"{DATED}.{suffix}", jpeg(80, 100, form=form))

    (item,) = only_post(folder).media

    assert item.picture == f"{DATED}.{suffix}"
    assert fetched(folder, item.picture)


@pytest.mark.parametrize(
    ("form", "options"),
    [("WEBP", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("JPEG", {"progressive": True})],
)
def test_the_shape_is_read_in_every_format(folder, form, options):
    from io import BytesIO  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    stream = BytesIO()
    picture = Image.new("RGBA" if options.get("lossless") else "RGB", (90, 90))
    picture.save(stream, form, exif=b"Exif\0\0" + bytes(4000), **options)
    folder.add(a_node(), files=False).write(f"{DATED}.{form.lower()}", stream.getvalue())
    if form == "JPEG":
        (folder.path / f"{DATED}.jpeg").rename(folder.path / f"{DATED}.jpg")

    reader = source(folder)
    (post,) = reader.posts()

    with pytest.raises(MediaError, match="90x90"):
        list(reader.fetch(post.media[0].picture))


def test_a_smaller_rendition_of_the_same_shape_is_the_picture(folder):
    node = a_node(original_width=1440, original_height=1800)
    node["image_versions2"]["candidates"][0] |= {"width": 1440, "height": 1800}
    folder.add(node, files=False).write(f"{DATED}.jpg", jpeg(321, 400))

    assert fetched(folder, only_post(folder).media[0].picture)


def test_a_missing_file_is_named_when_it_is_fetched(folder):
    folder.add(a_node(kinds=("image", "video")))
    (folder.path / f"{DATED}_1.jpg").unlink()
    (folder.path / f"{DATED}_2.mp4").unlink()

    first, second = only_post(folder).media

    for address in (first.picture, second.video):
        with pytest.raises(MediaError, match=f"{address} in .*no such file"):
            fetched(folder, address)
    assert fetched(folder, second.picture)


def test_a_node_without_addresses_is_enough_when_the_files_are_there(folder):
    node = a_node(kinds=("image", "video"))
    for item in node["carousel_media"]:
        del item["image_versions2"]
        item.pop("video_versions", None)
    folder.add(node)

    assert all(fetched(folder, item.picture) for item in only_post(folder).media)


def test_an_album_of_one_has_a_number(folder):
    item = a_node()
    album = a_node(media_type=8, carousel_media=[item])
    folder.add_json(f"{DATED}.json.xz", album).add_item(f"{DATED}_1", item)

    assert only_post(folder).media[0].picture == f"{DATED}_1.jpg"


def test_a_file_is_fetched_in_pieces(folder):
    folder.add(a_node("A"), "a").write("big.mp4", bytes(700_000))

    pieces = list(source(folder).fetch("big.mp4"))

    assert len(pieces) == 3
    assert b"".join(pieces) == bytes(700_000)
