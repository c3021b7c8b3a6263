"""The task that looks the site over."""

from collections import Counter

from invoke import Context, Exit, task

from pelican_photos import pelican_site
from pelican_photos.terminal import display


@task
def doctor(_context: Context) -> None:
    """Look over settings, pages, pictures, texts and tools, and say what mends what is wrong."""
    with display() as shown:
        from pelican_photos.doctor import BAD, UNKNOWN, examine  # noqa: PLC0415 - Pillow

        states: Counter[str] = Counter()
        for finding in examine(pelican_site.find_root()):
            shown.say(str(finding))
            states[finding.state] += 1
        wrong, open_questions = states[BAD], states[UNKNOWN]
        verdict = f"{wrong} to mend" if wrong else "Nothing is wrong"
        shown.say(f"{verdict}, {open_questions} to look at" if open_questions else verdict)
    if wrong:
        raise Exit(code=1)
