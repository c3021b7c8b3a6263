"""How Instagram writes the files of an export: its JSON, its pages, its zips."""

import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any


def json_of(value: object, *, garbled: bool = True) -> bytes:
    """Write JSON; garbled, each byte of a text's UTF-8 becomes a character of its own."""
    return json.dumps(_garbled(value) if garbled else value).encode()


def _garbled(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("latin-1")
    if isinstance(value, list):
        return [_garbled(item) for item in value]
    if isinstance(value, dict):
        return {_garbled(key): _garbled(item) for key, item in value.items()}
    return value


def page_of(blocks: Iterable[str]) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Posts</title><style>a{}</style>'
        f'</head><body class="_5vb_"><div class="_a705"><div class="_a706" role="main">'
        f"{''.join(blocks)}</div></div></body></html>"
    )


def zipped(path: Path, members: Iterable[tuple[str, bytes]], at: datetime) -> Path:
    """Write a zip whose members are of one time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path
