"""What we put into a bucket, and how: one JSON object in the bucket itself.

It says which objects are ours, so that a delete cannot reach a stranger's, and
with which headers and digest they went up.  Pure; who reads and writes it is
``__init__.py``.  A copy lies in ``.photos/publish``: while the bucket lists the
ETag that the copy remembers, the manifest is not fetched.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pelican_photos.errors import PublishError
from pelican_photos.publish.plan import Known, Plan, Role

KEY = ".pelican-photos/manifest.json"  # no file of a site has this key: it begins with a dot
VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The objects that are ours, and the CDN's paths that still await their invalidation."""

    objects: Mapping[str, Known] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()


def written(manifest: Manifest) -> bytes:
    """Write a manifest; the same one always gives the same bytes."""
    content = {
        "version": VERSION,
        "pending": sorted(manifest.pending),
        "objects": {key: asdict(entry) for key, entry in sorted(manifest.objects.items())},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def read(content: bytes) -> Manifest:
    """Read a manifest back.

    Raises:
        PublishError: a later version of this package wrote it.
        ValueError: it is damaged.
    """
    try:
        data: Any = json.loads(content)
        version = data["version"]
        if isinstance(version, int) and version > VERSION:
            raise PublishError(
                f"a later version of Pelican Photostream wrote {KEY} in the bucket;"
                " update this one before you publish"
            )
        objects = {key: _known(entry) for key, entry in data["objects"].items()}
        return Manifest(objects, frozenset(map(str, data["pending"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{KEY} is damaged") from error


def _known(entry: Any) -> Known:
    known = Known(**{**entry, "role": Role(entry["role"])})
    texts = (known.sha256, known.etag, known.content_type, known.cache_control)
    if not isinstance(known.size, int) or not all(isinstance(text, str) for text in texts):
        raise TypeError("an entry of another shape")
    return known


def after(
    manifest: Manifest,
    plan: Plan,
    stored: Mapping[str, Known],
    deleted: Collection[str],
    pending: frozenset[str],
) -> Manifest:
    """Say what is ours once a plan, or a part of it, has been carried out."""
    lost = {*plan.gone, *deleted}
    kept = {key: entry for key, entry in manifest.objects.items() if key not in lost}
    return Manifest({**kept, **stored}, pending)
