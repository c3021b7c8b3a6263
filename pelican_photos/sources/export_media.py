"""A medium as the JSON of an export describes it, since 2021.  Pure.

``{"uri", "creation_timestamp", "title", "backup_uri", "media_metadata": {"photo_metadata":
{"exif_data": [{"latitude", "longitude"}, {"lens_make", "lens_model", "date_time_original"}]},
"video_metadata": {"exif_data", "subtitles": {"uri"}}}}``; each key may be missing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pelican_photos.model import Kind, Location, Media
from pelican_photos.sources.export_names import (
    FileKind,
    basename_of,
    file_kind,
    names_in,
)
from pelican_photos.sources.loose_json import (
    as_address,
    as_line,
    as_mapping,
    as_mappings,
    as_number,
)

_NAME = re.compile(r"[\w-]{1,200}", re.ASCII)
_CDN_NAME = re.compile(r"[0-9]+_[0-9]+_[0-9]+_[a-z]", re.ASCII)


class Found(NamedTuple):
    """What is known of a file in the export; no size and no kind when it is not there."""

    size: int = 0  # bytes
    kind: FileKind = ""


Look = Callable[[str], Found]


def medium_of(raw: Mapping[str, Any], look: Look) -> Media:
    """Read a medium; one that names no file has the address "".

    The export has no poster of a video, so that its ``picture`` is "".
    """
    uri = uri_in(raw)
    found = look(uri)
    metadata = as_mapping(raw.get("media_metadata"))
    of_video = as_mapping(metadata.get("video_metadata"))
    only_of_video = "video_metadata" in metadata and "photo_metadata" not in metadata
    said = file_kind(uri) or found.kind or ("video" if only_of_video else "image")
    kind: Kind = "video" if said == "video" else "image"
    exif = _exif(as_mapping(metadata.get("photo_metadata"))) | _exif(of_video)
    return Media(
        names=_names(uri, as_address(raw.get("backup_uri"))),
        kind=kind,
        picture=uri if kind == "image" else "",
        video=uri if kind == "video" else "",
        taken=_taken(exif),
        camera=_camera(exif),
        place=place_of(exif.get("latitude"), exif.get("longitude")),
        subtitles=uri_in(as_mapping(of_video.get("subtitles"))),
        file_size=found.size,
    )


def uri_in(raw: Mapping[str, Any]) -> str:
    """Give where a medium lies in its export; "" when it does not say."""
    uri = raw.get("uri", raw.get("path"))
    return uri.removeprefix("./") if isinstance(uri, str) else ""


def place_of(latitude: object, longitude: object) -> Location | None:
    """Read where the camera was, in degrees; whole numbers are rounded to a city or so.

    Both zero stands for an unknown place.
    """
    north, east = as_number(latitude), as_number(longitude)
    if north is None or east is None or not (abs(north) <= 90 and abs(east) <= 180):
        return None
    if not north and not east:
        return None
    coarse = north.is_integer() and east.is_integer()
    return Location(latitude=north, longitude=east, coarse=coarse)


def _exif(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the parts of ``exif_data`` together, the first that says something winning."""
    whole: dict[str, Any] = {}
    for part in reversed(as_mappings(metadata.get("exif_data"))):
        whole |= {key: value for key, value in part.items() if value not in (None, "")}
    return whole


def _taken(exif: Mapping[str, Any]) -> str:
    for key in ("date_time_original", "date_time_digitized"):
        said = as_line(exif.get(key))
        try:
            return f"{datetime.strptime(said, '%Y:%m:%d %H:%M:%S'):%Y-%m-%d %H:%M:%S}"  # noqa: DTZ007 - a camera's clock has no zone
        except ValueError:  # "0000:00:00 00:00:00", or nothing
            continue
    return ""


def _camera(exif: Mapping[str, Any]) -> str:
    make = as_line(exif.get("make") or exif.get("lens_make"))
    model = as_line(exif.get("model") or exif.get("lens_model"))
    return model if model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()


def _names(uri: str, backup: str) -> tuple[str, ...]:
    names = list(names_in(uri)) if uri else []
    if _CDN_NAME.fullmatch(basename_of(backup)):
        names.append(basename_of(backup))
    return tuple(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))
