"""A short way to read the fake Instagram as the source does."""

from pelican_photos.sources.instagram import Instagram


def opened(instagram, *, anonymous=False, **options):
    told = options.pop("told", [])
    if not anonymous:
        options.setdefault("session", instagram.session_file())
    options.setdefault("profile", "someone" if anonymous else "")
    return Instagram.open(notice=told.append, delay=0, pause=lambda _: None, **options)
