"""Tasks that take photos off the site again."""

from invoke import Context, Exit, task

from pelican_photos import atomic, pelican_site
from pelican_photos.terminal import display

_LISTED = 20


@task(
    positional=["slug"],
    help={
        "slug": "the name of its page, without .md",
        "bring-back": "let the next import bring it again, after it was forgotten or deleted",
        "dry-run": "only list what would be deleted",
        "yes": "do not ask",
    },
)
def forget(
    _context: Context,
    slug: str,
    *,
    bring_back: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> None:
    """Delete a photo or album with all its files here, so that no import brings it back."""
    from pelican_photos import forgetting  # noqa: PLC0415 - loads Pillow
    from pelican_photos.import_command import open_site  # noqa: PLC0415 - as above

    with display() as shown:
        settings = pelican_site.read_settings()
        with atomic.lock(settings.state / "import.lock", "an import"):
            site = open_site(settings)
            if bring_back:
                forgetting.bring_back(site, slug)
                shown.say(f"{slug}: the next import brings it back")
                return
            found = forgetting.doomed(site, slug)
            for file in found.files[:_LISTED]:
                shown.say(str(file.relative_to(settings.root)))
            if len(found.files) > _LISTED:
                shown.say(f"and {len(found.files) - _LISTED} more files")
            count = len(found.files)
            if dry_run:
                shown.say(f"would delete {count} files of {slug}")
                return
            if not yes and not shown.confirm(f"Delete {count} files of {slug} for good?"):
                raise Exit(code=1)
            forgetting.forget(site, found)
        shown.say(
            f"{slug} is forgotten; `publish --delete` takes it off the bucket too,"
            " `purge` with every older version"
        )
