"""A pull as a person runs it: what the pages name, fetched from the bucket, and told."""

from pelican_photos.publish_command import originals_of
from pelican_photos.publish_options import PullOptions
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display


def run_pull(settings: Settings, display: Display, options: PullOptions) -> int:
    """Bring the bucket's originals back to this machine; gives the exit status.

    Raises:
        PublishError: the bucket refused.
    """
    from pelican_photos.publish.pull import pull  # noqa: PLC0415 - loads boto3

    originals, problems = originals_of(settings)
    outcome = pull(
        settings,
        originals,
        options,
        say=display.say,
        progress=_Shown(display).show,
    )
    for problem in problems:
        display.say(f"not every page can be read: {problem}")
    if options.changes_nothing:
        for line in outcome.lines():
            display.say(line)
    display.say(str(outcome))
    return outcome.exit_status or bool(problems)


class _Shown:
    """A stage in bytes on a terminal; elsewhere only the count of files that are through."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._done: dict[str, int] = {}

    def show(self, name: str, done: int, total: int, so_far: str) -> None:
        """Show how far a stage is; several threads may."""
        if self._display.console.is_terminal:
            self._display.advance(name, done, total, so_far)
        elif done > self._done.get(name, 0):
            self._done[name] = done
            self._display.advance(name, done, total)
