"""The lines that tell, before anything is stored, what a new page will say.  Pure."""

from collections.abc import Iterator, Sequence

from pelican_photos.adding.chosen import Chosen
from pelican_photos.adding.wording import Wording
from pelican_photos.caption import one_line, title

_LABEL = 10  # columns


def summary(
    wording: Wording, chosen: Sequence[Chosen], page: str, address: str, *, keep_gps: bool
) -> Iterator[str]:
    """Yield a line for each thing there is to say; ``page`` is a path, ``address`` a URL."""
    missing = sum(not alt for alt in wording.alts)
    alt = wording.alts[0] if len(wording.alts) == 1 else f"{len(wording.alts) - missing} of them"
    date = f"{wording.published:%Y-%m-%d %H:%M:%S %z}"
    values = {
        "Title": title(wording.caption, wording.published),
        "Date": date + (", a draft" if wording.draft else ""),
        "Alt text": alt if len(wording.alts) > missing else "none yet",
        "Tags": ", ".join(wording.all_tags),
        "Place": wording.place,
        "Page": page,
        "Address": address,
        "Size": _size(chosen),
        "Camera": ", ".join(
            dict.fromkeys(one.details.camera for one in chosen if one.details.camera)
        ),
        "Kept out": _kept_out(wording, keep_gps=keep_gps),
    }
    for label, value in values.items():
        if value:
            yield f"{label:<{_LABEL}}{one_line(value)}"


def coordinates_kept_out(wording: Wording) -> bool:
    """Whether a file holds coordinates that the page will not show."""
    return wording.coordinates is not None and not wording.with_coordinates


def in_megabytes(size: int) -> str:
    """Write a number of bytes as people read it."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


def _size(chosen: Sequence[Chosen]) -> str:
    whole = in_megabytes(sum(one.size for one in chosen))
    if len(chosen) > 1:
        return f"{len(chosen)} files, {whole}"
    one = chosen[0]
    length = f", {one.details.duration:.1f} s" if one.kind == "video" else ""
    return f"{one.width} x {one.height}{length}, {whole}" if one.width else whole


def _kept_out(wording: Wording, *, keep_gps: bool) -> str:
    if not coordinates_kept_out(wording):
        return ""
    if keep_gps:
        return "the coordinates, of the page; PHOTOS_KEEP_GPS publishes the file with them"
    return "the coordinates: neither page nor published file holds them"
