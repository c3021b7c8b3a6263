"""What a file is, its first bytes say."""

import pytest

from pelican_photos.media_types import extension_of


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"GIF89a", "gif"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypavif", "avif"),
        (b"\0\0\0\x18ftypisom", "mp4"),
        (b"\0\0\0\x18ftypqt  ", "mov"),
        (b"\x1a\x45\xdf\xa3", "webm"),
        (b"<!DOCTYPE html>", ""),
        (b"RIFF\x10\0\0\0WAVE", ""),
        (b"", ""),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head, extension):
    assert extension_of(head) == extension
