"""One look at an address as any visitor has it, without credentials."""

import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from pelican_photos.publish.refusals import scrubbed

_PATIENCE = 6  # seconds


@dataclass(frozen=True, slots=True)
class Seen:
    """What came: a status, headers by their names in small letters; or why nothing did."""

    status: int = 0  # 0 when nobody answered
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """Stay, and see the redirect itself."""


def look(url: str, *, span: str = "", follow: bool = False, patience: float = _PATIENCE) -> Seen:
    """Ask for an address, and read no more than the headers; ``span`` is a ``Range``.

    ``follow`` goes where a redirect leads; ``patience`` is in seconds.

    It begins with http:// or https://, which the settings see to.
    """
    headers = {"User-Agent": "pelican-photostream", "Accept-Encoding": "identity"}
    if span:
        headers["Range"] = span
    opener = urllib.request.build_opener(*(() if follow else (_Still,)))
    try:
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - see above
        with closing(opener.open(request, timeout=patience)) as answer:
            return Seen(answer.status, _lowered(answer.headers))
    except HTTPError as error:
        with closing(error):
            return Seen(error.code, _lowered(error.headers))
    except (OSError, HTTPException, ValueError) as error:
        return Seen(problem=scrubbed(str(getattr(error, "reason", error))))


def _lowered(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
