"""What the doctor finds, and what it says mends it."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOON, a_photo, an_album
from fakes.adding import COMMAND
from fakes.site import draw
from pelican_photos.doctor import CHECKS, Finding, examine
from pelican_photos.ledger import Entry, Item, Ledger
from pelican_photos.library import Library
from pelican_photos.page import write_page

DEVELOPMENT = 'PATH = "content"\nTHEME = "simple"\nMENUITEMS = [("Photos", "/photos/")]\n'
PLUGIN = 'PLUGINS = ["pelican_photos"]\n'
PRODUCTION = "from pelicanconf import *\nSITEURL = 'https://example.org'\n"


class Patient:
    """A site in a folder, to be looked over."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "content").mkdir()
        self.configure()
        self.library = Library(root / "content", "photos")

    def configure(self, development=DEVELOPMENT + PLUGIN, production=PRODUCTION) -> None:
        (self.root / "pelicanconf.py").write_text(development)
        (self.root / "publishconf.py").write_text(production)

    def add(self, *pages) -> None:
        for page in pages:
            file = self.library.folder_of(page) / f"{page.slug}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(write_page(page))
            if getattr(page, "original", ""):
                draw(file.with_name(page.original), (page.width, page.height), page.slug)
            if getattr(page, "video", ""):
                file.with_name(page.video).write_bytes(b"film")

    def findings(self, about: str) -> list[Finding]:
        return [each for each in examine(self.root) if each.about == about]

    def finding(self, about: str) -> Finding:
        [found] = self.findings(about)
        return found


@pytest.fixture
def patient(tmp_path):
    return Patient(tmp_path)


@pytest.fixture(autouse=True)
def nobody_at_home(tmp_path_factory, monkeypatch):
    """No session of the machine's owner is looked at."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_whole_site_is_well(patient):
    patient.add(a_photo("a", alt="Boats"), a_photo("b", alt="A gull", video="b.mp4"))

    found = list(examine(patient.root))

    assert [each for each in found if each.state == "bad"] == []
    assert {"settings", "theme", "publishing", "pages", "originals", "descriptions", "posters"} <= {
        each.about for each in found if each.state == "ok"
    }


def test_whatever_is_not_well_comes_with_what_to_do(patient):
    patient.configure(development='PATH = "content"\n', production="SITEURL = ''\n")
    patient.add(a_photo("a"))

    unwell = [each for each in examine(patient.root) if each.state != "ok"]

    assert len(unwell) >= 5
    assert all(each.fix for each in unwell)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ('PATH = "content"\nPHOTOS_QUALITY = "x"', "PHOTOS_QUALITY is 'x'"),
        ('PATH = "nowhere"', "the folder that PATH names is missing"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_the_one_finding(patient, text, what):
    patient.configure(development=text)

    [found] = examine(patient.root)

    assert (found.state, found.about) == ("bad", "settings")
    assert what in found.what


def test_a_broken_second_configuration_hides_nothing_else(patient):
    patient.configure(production="1 / 0")

    broken = [each for each in patient.findings("settings") if each.state == "bad"]

    assert ["ZeroDivisionError" in each.what for each in broken] == [True]
    assert patient.findings("HEIC")


@pytest.mark.parametrize(
    ("development", "production", "names"),
    [
        (DEVELOPMENT, PRODUCTION, ["pelicanconf.py", "publishconf.py"]),
        (DEVELOPMENT, PRODUCTION + PLUGIN, ["pelicanconf.py"]),
        (DEVELOPMENT + PLUGIN, PRODUCTION + "PLUGINS = []\n", ["publishconf.py"]),
        (DEVELOPMENT + "import pelican_photos\nPLUGINS = [pelican_photos]\n", PRODUCTION, []),
    ],
)
def test_a_plugin_that_no_configuration_loads_is_named(patient, development, production, names):
    patient.configure(development, production)

    found = patient.findings("plugin")

    assert [each.what.split()[0] for each in found] == names
    assert all('PLUGINS = ["pelican_photos"]' in each.fix for each in found)


def test_another_theme_should_lead_to_the_gallery(patient):
    patient.configure(development='PATH = "content"\nTHEME = "simple"\n' + PLUGIN)

    found = patient.finding("theme")

    assert found.state == "unknown"
    assert '("Photos", "/photos/")' in found.fix


@pytest.mark.parametrize(
    "link", ["/photos/", "photos/", "https://example.org/photos", "/photos/map/"]
)
def test_any_link_of_the_menu_to_the_gallery_will_do(patient, link):
    menu = f'MENUITEMS = [("Photos", "{link}")]\n'
    patient.configure(development='PATH = "content"\nTHEME = "simple"\n' + PLUGIN + menu)

    assert patient.finding("theme").state == "ok"


def test_a_site_without_an_address_cannot_be_published(patient):
    patient.configure(production="from pelicanconf import *\nSITEURL = ''\n")

    [found, _] = patient.findings("publishing")
    assert found.state == "bad"
    assert "SITEURL = " in found.fix


def test_a_page_that_cannot_be_read_and_one_that_is_left_out_are_named(patient):
    patient.add(a_photo("a", alt="Boats"), an_album("empty"))
    (patient.root / "content/photos/2024/broken.md").write_text("Title: No date\n")

    assert "broken.md: Date is ''" in patient.finding("page").what
    assert "empty.md is left out" in patient.finding("gallery").what
    assert patient.findings("pages") == []


def test_many_mistakes_of_a_kind_are_counted(patient):
    for number in range(5):
        file = patient.root / f"content/photos/2024/broken{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Title: No date\n")

    assert patient.findings("page")[-1].what == "2 more pages like these"
    assert len(patient.findings("page")) == 4


def test_a_missing_original_is_bad_unless_a_bucket_may_have_it(patient):
    patient.add(a_photo("a", alt="Boats"))
    (patient.root / "content/photos/2024/a.jpg").unlink()

    found = patient.finding("originals")
    assert found.state == "bad"
    assert "1 file: content/photos/2024/a.jpg is missing" in found.what
    assert "--missing" in found.fix
    patient.configure(development=DEVELOPMENT + PLUGIN + "PHOTOS_BUCKET = 'b'\n")
    assert patient.finding("originals").state == "unknown"


def test_without_credentials_there_is_one_line_about_the_bucket(patient):
    patient.configure(production=PRODUCTION + "PHOTOS_BUCKET = 'b'\nPHOTOS_S3_REGION = 'x-1'\n")

    found = patient.finding("bucket")

    assert (found.state, "no credentials found" in found.what) == ("unknown", True)
    assert not {"CDN", "outside", "published"} & {each.about for each in examine(patient.root)}


def test_a_picture_that_does_not_open_is_named(patient):
    patient.add(a_photo("a", alt="Boats"))
    (patient.root / "content/photos/2024/a.jpg").write_bytes(b"no picture")

    assert patient.finding("pictures").state == "bad"
    assert "a.jpg" in patient.finding("pictures").what


def test_photos_without_a_text_are_counted_and_the_newest_named(patient):
    patient.add(*(a_photo(f"p{n}", published=NOON - timedelta(days=n)) for n in range(5)))

    found = patient.finding("descriptions")

    assert found.what == "5 photos without alternative text: p0, p1, p2 and 2 more"
    assert found.fix == "`invoke alt` asks for each"


def test_texts_of_a_machine_are_counted(patient):
    patient.add(a_photo("a", alt="Boats", alt_auto="May be an image of boats"))

    [machines] = [each for each in patient.findings("descriptions") if each.state == "unknown"]
    assert machines.what.startswith("1 text as Instagram's machine")


def test_films_without_a_poster_are_named(patient):
    patient.add(a_photo("film", alt="Waves", original="", video="film.mp4"))

    assert patient.finding("posters").state == "bad"
    assert patient.finding("posters").what == "1 film without a poster: film"


def test_somebody_elses_private_photo_is_not_looked_at(patient):
    patient.add(a_photo("saved", owner="bob", status="hidden", video="saved.mp4"))
    (patient.root / "content/photos/2024/saved.jpg").unlink()

    assert patient.findings("originals") == patient.findings("descriptions") == []


def test_what_an_import_left_pending_is_named(patient):
    ledger = Ledger(patient.root / "content/photos/.import")
    ledger.put(Entry(uid="x:1", slug="boats", items=(Item(reason="too slow"),)))

    assert patient.finding("import").what == "1 post pending: boats"
    assert "invoke import-instagram" in patient.finding("import").fix


def test_a_ledger_that_cannot_be_read_is_named(patient):
    folder = patient.root / "content/photos/.import"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text("{")

    assert "x.json cannot be read" in patient.finding("import").what


def test_a_session_is_looked_at_but_no_part_of_it_said(patient):
    assert patient.finding("session").state == "unknown"
    assert "invoke login" in patient.finding("session").fix

    (patient.root / "session-someone").write_bytes(b"secret words")
    patient.configure(DEVELOPMENT + PLUGIN + "PHOTOS_INSTAGRAM_SESSION = 'session-someone'\n")

    assert patient.finding("session").state == "bad"
    assert "secret" not in str(patient.finding("session"))


def test_without_ffmpeg_films_get_no_poster(patient, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    assert patient.finding("ffmpeg").state == "unknown"
    assert "apt-get install ffmpeg" in patient.finding("ffmpeg").fix


def test_a_finding_is_one_line_that_steers_no_terminal():
    assert (
        str(Finding("bad", "page", "a\x1b[2J\nb", "mend it")) == "bad      page: a [2J b; mend it"
    )


def test_every_check_is_named_once():
    assert len(set(CHECKS)) == len(CHECKS)


@pytest.mark.parametrize(("alt", "status"), [("Boats", 0), ("", 1)])
def test_the_status_says_whether_something_is_wrong(patient, alt, status):
    patient.add(a_photo("a", alt=alt))
    before = sorted(patient.root.rglob("*"))

    ended = subprocess.run(
        [*COMMAND[:-1], "doctor"],
        cwd=patient.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == status
    last = ended.stdout.splitlines()[-1]
    assert last.startswith("1 to mend" if status else "Nothing is wrong")
    left = [each for each in sorted(patient.root.rglob("*")) if "__pycache__" not in str(each)]
    assert left == before
