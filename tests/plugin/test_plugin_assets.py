"""The theme's files as a built site has them, and the site's own style behind them."""

import hashlib
import re

import pytest

from builders import a_photo
from fakes.site import Site
from pelican_photos.plugin.assets import Assets, theme_folder

OWN = ":root { --accent: #063 }\n.photostream h1 { font-style: italic }\n"


def test_a_files_name_holds_the_digest_of_what_is_in_it():
    asset = Assets("photos").style

    digest = hashlib.sha256(asset.text.encode()).hexdigest()[:8]
    assert asset.address == f"photos/assets/gallery-{digest}.css"


def test_what_is_asked_for_is_what_is_written(tmp_path):
    assets = Assets("photos")
    assert list(assets) == []

    assert [asset.address for asset in (assets.style, assets.style)] == [
        asset.address for asset in [*assets, *assets]
    ]


def test_a_vendored_file_stays_as_it_is_byte_for_byte():
    files = list((theme_folder() / "assets" / "vendor").rglob("*.js"))

    assert len(files) == 2
    for file in files:
        name = file.relative_to(theme_folder() / "assets").as_posix()
        assert Assets("photos")[name].text.encode() == file.read_bytes()


@pytest.mark.parametrize("theme", ["", "simple", "notmyidea"])
def test_a_site_changes_a_colour_without_copying_the_theme(tmp_path, theme):
    site = Site(tmp_path, PHOTOS_STYLESHEET="own.css", **({"THEME": theme} if theme else {}))
    (tmp_path / "own.css").write_text(OWN)
    site.add(a_photo())
    built = site.build()

    page = built.text("photos/")
    if theme:
        (sheet,) = re.findall(r"photos/assets/gallery-\w+\.css", page)
        page = built.text(sheet)
    assert OWN in page
    assert page.rindex("--accent") > page.index(OWN) > page.index("--row:")


@pytest.mark.parametrize(
    ("text", "problem"),
    [(None, "own.css cannot be read"), ("</style><script>", "own.css holds </")],
)
def test_a_style_sheet_that_cannot_be_is_one_sentence(tmp_path, text, problem, caplog):
    site = Site(tmp_path, PHOTOS_STYLESHEET="own.css")
    if text:
        (tmp_path / "own.css").write_text(text)
    with pytest.raises(SystemExit) as ended:
        site.build()

    assert ended.value.code == 2
    assert problem in caplog.text
