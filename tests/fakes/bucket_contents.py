"""Objects and files of a publish as plain data: a test names only what it is about."""

from typing import Any

from pelican_photos.publish.objects import Known, Local, Remote, Role, Stage


def a_local(size: int = 1, sha256: str = "aa", **changes: Any) -> Local:
    return Local(**_described(size, sha256) | {"stage": Stage.ASSETS} | changes)


def a_known(size: int = 1, sha256: str = "aa", etag: str = "e", **changes: Any) -> Known:
    return Known(**_described(size, sha256) | {"etag": etag} | changes)


def a_remote(size: int = 1, etag: str = "e") -> Remote:
    return Remote(size=size, etag=etag)


def _described(size: int, sha256: str) -> dict[str, Any]:
    headers = {"content_type": "text/html", "cache_control": "no"}
    return {"size": size, "sha256": sha256, "role": Role.SITE, **headers}
