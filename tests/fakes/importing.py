"""An import into a content folder, and what it left there."""

from pathlib import Path

from pelican_photos.importer import Wish, import_posts
from pelican_photos.ledger import Ledger
from pelican_photos.library import Library
from pelican_photos.report import Report
from pelican_photos.storing import Site


def site_of(photos: Path) -> Site:
    """Open a content folder as a new process would."""
    library = Library(photos, "photos")
    ledger = Ledger(library.folder / ".import")
    return Site(library=library, ledger=ledger, raw=photos.parent / ".photos" / "raw")


def imported(photos: Path, source, **wish) -> Report:
    """Import from a source as a new process would."""
    report = Report()
    import_posts(source, site_of(photos), Wish(**wish), report, lambda *_: None)
    return report


def files(folder):
    """Give every file below a folder with its bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def stamps(folder):
    """Give when each file and folder was last changed, in nanoseconds."""
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*")}


def names(folder):
    """Give what lies below a folder, without the ledger."""
    return sorted(name for name in files(folder) if ".import" not in name)
