"""What the CDN may still answer from its cache although the buckets hold something newer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pelican_photos.publish.caches import has_cache
from pelican_photos.publish.classify import is_hashed
from pelican_photos.publish.keys import paths_to_invalidate
from pelican_photos.publish.objects import Role
from pelican_photos.settings import Settings


class Changing(Protocol):
    """One bucket that is being changed."""

    @property
    def pending(self) -> frozenset[str]:
        """The paths that an earlier run left over."""

    def changed(self) -> Mapping[str, Role]:
        """Give the keys of which a CDN may hold something older, each with its side."""


class Freshness:
    """The paths to invalidate: what this publish changed, and what an earlier one left over."""

    def __init__(
        self,
        settings: Settings,
        syncs: Sequence[Changing],
        invalidate: Callable[[frozenset[str]], object],
    ) -> None:
        self._settings = settings
        self._syncs = syncs
        self._invalidate = invalidate
        self._told: frozenset[str] = frozenset()

    def waiting(self) -> frozenset[str]:
        """Give the paths that the CDN has not been told of; none where there is no CDN."""
        if not has_cache(self._settings):
            return frozenset()
        paths = {path for sync in self._syncs for path in sync.pending}
        for sync in self._syncs:
            for role in (Role.ORIGINAL, Role.SITE):  # no CDN serves what is untouched
                keys = [key for key, side in sync.changed().items() if side is role]
                paths |= self._paths(keys, role)
        return frozenset(paths) - self._told

    def refresh(self) -> None:
        """Tell the CDN.

        Raises:
            PublishError: it refuses; the paths keep waiting.
        """
        paths = self.waiting()
        if paths:
            self._invalidate(paths)
            self._told |= paths

    def _paths(self, keys: Sequence[str], role: Role) -> frozenset[str]:
        """Address keys as a viewer does; a name with a digest never needs it."""
        settings = self._settings
        url = settings.public_originals_url if role is Role.ORIGINAL else settings.siteurl
        return paths_to_invalidate(
            (key for key in keys if not is_hashed(key, settings.path)), unquote(urlsplit(url).path)
        )
