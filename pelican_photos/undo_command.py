"""An undo as a person runs it: looked at, asked about, carried out and told."""

from datetime import UTC, datetime

from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display


def run_undo(settings: Settings, display: Display, options: Options, *, yes: bool = False) -> None:
    """Take the last publish back; ``yes`` to the question.

    Raises:
        PublishError: a bucket or the CDN refused, or there is nothing to take back.
    """
    from pelican_photos.publish.undo import Undoing, undo  # noqa: PLC0415 - loads boto3

    undone = undo(
        Undoing(
            settings=settings, options=options, now=datetime.now(UTC), progress=display.advance
        ),
        confirm=lambda question: yes or display.confirm(question),
        say=display.say,
    )
    display.say(str(undone))
