"""Tasks that build the site and show it on this machine."""

from contextlib import suppress
from pathlib import Path

from invoke import Context, task

from pelican_photos import pelican_site, serving
from pelican_photos.demo_command import run_demo
from pelican_photos.tasks.options import whole_number
from pelican_photos.terminal import display


@task
def build(_context: Context) -> None:
    """Build the site with pelicanconf.py."""
    with display() as shown:
        settings = pelican_site.read_settings()
        pelican_site.build(pelican_site.DEVELOPMENT, settings.root)
        shown.say(f"The site is in {settings.output}")


@task(help={"port": "where; the next free one if it is taken"})
def serve(_context: Context, port: str = str(serving.PORT)) -> None:
    """Build the site with pelicanconf.py, serve it, and build it again when something changes."""
    with display() as shown, suppress(KeyboardInterrupt):
        number = whole_number("--port", port, 1, 65535)
        settings = pelican_site.read_settings()
        pelican_site.build(pelican_site.DEVELOPMENT, settings.root)
        with pelican_site.watched(pelican_site.DEVELOPMENT, settings.root, shown.say):
            serving.serve(
                serving.Folder(settings.output),
                number,
                ready=lambda url: shown.say(f"The site is at {url}; Ctrl-C ends this"),
            )


@task(
    help={
        "no-serve": "end when every page and original has answered",
        "folder": "keep the sample site in this new folder instead of a temporary one",
    },
)
def demo(_context: Context, folder: str = "", *, no_serve: bool = False) -> None:
    """Run the whole main job on sample data, on this machine alone, and serve the result."""
    with display() as shown:
        run_demo(shown, Path(folder).expanduser() if folder else None, serve=not no_serve)
