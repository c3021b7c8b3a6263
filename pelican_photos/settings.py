"""The ``PHOTOS_*`` settings and the environment, as one frozen ``Settings``.

The environment wins over the configuration file.  Credentials are not settings:
boto3's own chain and Instaloader's session file hold them, and nothing here
reads, keeps or prints one.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any, get_type_hints

from pelican_photos.errors import SettingsError

FORMATS = ("avif", "webp")  # of renditions, the best first
DEFAULT_QUALITY = 78
DEFAULT_RENDITIONS = ("320h", "480h", "640h", "1280h", "2048w")


def _setting(name: str, default: object, about: str, shown: str = "") -> Any:
    """Declare a setting; ``shown`` replaces the default in the documentation."""
    metadata = {"name": name, "about": about, "shown": shown}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the package, checked once; paths are absolute."""

    root: Path  # the folder that holds pelicanconf.py
    content: Path  # Pelican's PATH
    output: Path  # Pelican's OUTPUT_PATH
    siteurl: str = ""
    with_future_dates: bool = True  # Pelican's WITH_FUTURE_DATES
    timezone: str = "UTC"  # Pelican's TIMEZONE, a name of the IANA data base

    path: str = _setting(
        "PHOTOS_PATH",
        "photos",
        "folder below `PATH`, address below `SITEURL`, prefix of the originals in the bucket",
    )
    per_page: int = _setting("PHOTOS_PER_PAGE", 60, "photos on one page of a listing")
    renditions: tuple[str, ...] = _setting(
        "PHOTOS_RENDITIONS",
        DEFAULT_RENDITIONS,
        "heights (`320h`) and widths (`2048w`) of the renditions, in pixels; never upscaled",
        '`["320h", "480h", "640h", "1280h", "2048w"]`',
    )
    formats: tuple[str, ...] = _setting(
        "PHOTOS_FORMATS",
        ("webp",),
        "formats of the renditions: WebP, and AVIF beside it with `avif`",
        '`["webp"]`, or `["avif", "webp"]`',
    )
    quality: int = _setting(
        "PHOTOS_QUALITY",
        DEFAULT_QUALITY,
        "WebP quality, 1 to 100; AVIF gets the one that looks as good",
    )
    cache: str = _setting(
        "PHOTOS_CACHE", ".cache/photos", "where renditions are kept; may be deleted"
    )
    workers: int = _setting("PHOTOS_WORKERS", 0, "rendition workers", "one for each CPU")
    executor: str = _setting(
        "PHOTOS_EXECUTOR",
        "threads",
        "where renditions are made: `threads` of this machine, or the workers of a `dask` cluster",
    )
    dask_scheduler: str = _setting(
        "PHOTOS_DASK_SCHEDULER", "", "address of that cluster, such as `tcp://10.0.0.5:8786`"
    )
    keep_gps: bool = _setting(
        "PHOTOS_KEEP_GPS",
        default=False,
        about="publish where the camera was, in files, and from exports in new pages; serial"
        " numbers and owners' names never are",
    )
    show_map: bool = _setting(
        "PHOTOS_SHOW_MAP",
        default=True,
        about="publish the places that the owner tagged on Instagram",
    )
    show_comments: bool = _setting(
        "PHOTOS_SHOW_COMMENTS",
        default=True,
        about="show the comments on the pages; they are kept beside them either way",
    )
    show_people: bool = _setting(
        "PHOTOS_SHOW_PEOPLE",
        default=True,
        about="show who is tagged, and list the photos of each; pages keep it either way",
    )
    stylesheet: str = _setting(
        "PHOTOS_STYLESHEET",
        "",
        "a style sheet of your own, below the site's root, put behind the gallery's",
    )
    license: str = _setting(
        "PHOTOS_LICENSE", "", "address of the licence under which the photos are published"
    )
    short_addresses: bool = _setting(
        "PHOTOS_SHORT_ADDRESSES",
        default=True,
        about="lead from `/p/<shortcode>/`, as on Instagram, to each post that was there",
    )
    map_tiles: str = _setting(
        "PHOTOS_MAP_TILES",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "tiles of the map that a visitor may open; empty for none",
    )
    map_attribution: str = _setting(
        "PHOTOS_MAP_ATTRIBUTION",
        "© OpenStreetMap contributors",
        "whom the map's tiles are from",
    )
    prerender: bool = _setting(
        "PHOTOS_PRERENDER",
        default=False,
        about="let browsers prepare the page of a photo that is pointed at; "
        "a content security policy then needs `'inline-speculation-rules'`",
    )
    instagram_profile: str = _setting(
        "PHOTOS_INSTAGRAM_PROFILE", "", "the profile to import", "the session's own"
    )
    instagram_session: str = _setting(
        "PHOTOS_INSTAGRAM_SESSION",
        "",
        "Instaloader's session file",
        "the profile's at Instaloader's own path, or the only one there",
    )
    instagram_delay: float = _setting(
        "PHOTOS_INSTAGRAM_DELAY",
        -1.0,
        "mean seconds between two requests; Instaloader's rate limits hold whatever it is",
        "Instaloader's own pace",
    )
    instagram_budget: int = _setting(
        "PHOTOS_INSTAGRAM_BUDGET",
        200,
        "liked and saved posts of an export that are asked for in 24 hours",
    )
    originals_url: str = _setting(
        "PHOTOS_ORIGINALS_URL", "", "where originals are served from: the CDN", "`SITEURL`"
    )
    bucket: str = _setting("PHOTOS_BUCKET", "", "the bucket of the originals")
    site_bucket: str = _setting(
        "PHOTOS_SITE_BUCKET",
        "",
        "the bucket of the site; may be the same one; unset when the site is deployed otherwise",
    )
    bucket_prefix: str = _setting(
        "PHOTOS_BUCKET_PREFIX", "", "put before every key in both buckets"
    )
    bucket_owner: str = _setting(
        "PHOTOS_BUCKET_OWNER",
        "",
        "account id of the buckets' owner; a bucket of anybody else is refused",
    )
    grace_days: int = _setting(
        "PHOTOS_GRACE_DAYS",
        30,
        "days for which `publish --delete` spares renditions that no page shows any more",
    )
    s3_endpoint: str = _setting(
        "PHOTOS_S3_ENDPOINT", "", "address of an S3-compatible server", "AWS"
    )
    s3_region: str = _setting("PHOTOS_S3_REGION", "", "region of the buckets", "boto3's own")
    cdn_distribution: str = _setting(
        "PHOTOS_CDN_DISTRIBUTION", "", "CloudFront distribution, invalidated after a publish"
    )

    cloudflare_zone: str = _setting(
        "PHOTOS_CLOUDFLARE_ZONE",
        "",
        "zone id at Cloudflare, whose cache is purged after a publish; `CLOUDFLARE_API_TOKEN` in"
        " the environment allows it",
    )

    @property
    def photos(self) -> Path:
        """The folder of the pages and originals."""
        return self.content / self.path

    @property
    def state(self) -> Path:
        """This machine's own notes: raw answers, staging files, reports; never in git."""
        return self.root / ".photos"

    @property
    def cache_folder(self) -> Path:
        """Where renditions are kept."""
        return self.root / self.cache

    @property
    def buckets(self) -> tuple[str, ...]:
        """The buckets of the site, that of the originals first; one where both are the same."""
        return tuple(dict.fromkeys(filter(None, (self.bucket, self.site_bucket))))

    @property
    def public_originals_url(self) -> str:
        """What stands before an original's path in a link; no slash at its end."""
        return (self.originals_url or self.siteurl).rstrip("/")

    @property
    def carries_originals(self) -> bool:
        """Whether the built site brings its originals along, as no bucket or CDN has them."""
        return not self.bucket and not self.originals_url


def public_settings() -> tuple[tuple[str, str, str], ...]:
    """Yield (name, default as documented, meaning) of each setting, in order."""
    return tuple(
        (
            entry.metadata["name"],
            entry.metadata["shown"] or _documented(entry.default),
            entry.metadata["about"],
        )
        for entry in fields(Settings)
        if "name" in entry.metadata
    )


def settings_of(
    configuration: Mapping[str, Any], root: Path, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Read the settings of the site in ``root`` from what Pelican made of its file.

    Raises:
        SettingsError: a value has the wrong type, or lies out of its range.
    """
    types = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for entry in fields(Settings):
        name = str(entry.metadata.get("name", ""))
        if name in environ:
            values[entry.name] = _from_text(name, environ[name], types[entry.name])
        elif configuration.get(name) is not None:
            values[entry.name] = _checked(name, configuration[name], types[entry.name])
    settings = Settings(
        root=root.resolve(),
        content=Path(root, configuration.get("PATH") or "content").resolve(),
        output=Path(root, configuration.get("OUTPUT_PATH") or "output").resolve(),
        with_future_dates=bool(configuration.get("WITH_FUTURE_DATES", True)),
        timezone=str(configuration.get("TIMEZONE") or "UTC"),
        siteurl=str(configuration.get("SITEURL") or "").rstrip("/"),
        **values,
    )
    _check_ranges(settings)
    return replace(settings, path=str(PurePosixPath(settings.path)))


def _documented(default: object) -> str:
    if default == "":
        return "none"
    return "`" + repr(default).replace("'", '"') + "`"


def _from_text(name: str, text: str, kind: type) -> Any:
    """Read a value of the environment: a list is separated by spaces or commas."""
    try:
        if kind is bool:
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
                text.strip().lower()
            ]
        if kind in (int, float):
            return kind(text)
    except (KeyError, ValueError):
        raise SettingsError(f"{name} in the environment: {text!r} is not a {_word(kind)}") from None
    return text if kind is str else tuple(text.replace(",", " ").split())


def _checked(name: str, value: Any, kind: type) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (str, int, float, bool):
        if type(value) is not kind and not (kind is str and isinstance(value, Path)):
            raise SettingsError(f"{name} is {value!r}, but should be a {_word(kind)}")
        return str(value) if kind is str else value
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{name} is {value!r}, but should be a list of texts")
    return tuple(value)


def _word(kind: type) -> str:
    return {bool: "yes or no (True, False)", int: "whole number", float: "number", str: "text"}[
        kind
    ]


def _check_ranges(settings: Settings) -> None:
    path = PurePosixPath(settings.path)
    plain = settings.path == settings.path.strip() and "\\" not in settings.path
    if not plain or not path.parts or path.is_absolute() or ".." in path.parts:
        raise SettingsError(f"PHOTOS_PATH is {settings.path!r}, but should be a folder below PATH")
    if not 1 <= settings.quality <= 100:
        raise SettingsError(f"PHOTOS_QUALITY is {settings.quality}, but should be 1 to 100")
    if settings.workers < 0:
        raise SettingsError(f"PHOTOS_WORKERS is {settings.workers}, but should be 1 or more")
    if settings.root.is_relative_to(settings.cache_folder.resolve()):
        raise SettingsError(f"PHOTOS_CACHE is {settings.cache!r}: name a folder of its own")
    if settings.per_page < 1:
        raise SettingsError(f"PHOTOS_PER_PAGE is {settings.per_page}, but should be at least 1")
    if settings.grace_days < 0:
        raise SettingsError(f"PHOTOS_GRACE_DAYS is {settings.grace_days}, but should be 0 or more")
    if settings.instagram_budget < 1:
        raise SettingsError(
            f"PHOTOS_INSTAGRAM_BUDGET is {settings.instagram_budget}, but should be at least 1"
        )
    _check_texts(settings)
    if not settings.instagram_delay < float("inf"):
        raise SettingsError(f"PHOTOS_INSTAGRAM_DELAY is {settings.instagram_delay}: say seconds")


def _check_texts(settings: Settings) -> None:
    for step in settings.renditions:
        if not step[:-1].isdecimal() or step[-1:] not in "hw" or int(step[:-1]) < 1:
            raise SettingsError(f"PHOTOS_RENDITIONS: {step!r} should read like '320h' or '2048w'")
    if not {"webp"} <= set(settings.formats) <= set(FORMATS):
        raise SettingsError(
            f"PHOTOS_FORMATS is {settings.formats!r}, but should be ('webp',) or ('avif', 'webp')"
        )
    if settings.executor not in ("threads", "dask"):
        raise SettingsError(f"PHOTOS_EXECUTOR is {settings.executor!r}: say 'threads' or 'dask'")
    for name, url in (
        ("PHOTOS_ORIGINALS_URL", settings.originals_url),
        ("PHOTOS_S3_ENDPOINT", settings.s3_endpoint),
        ("PHOTOS_LICENSE", settings.license),
        ("PHOTOS_MAP_TILES", settings.map_tiles),
    ):
        if url and not url.startswith(("https://", "http://")):
            raise SettingsError(f"{name} is {url!r}, but should begin with https://")
