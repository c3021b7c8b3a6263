"""The tasks of this site: ``invoke --list`` shows them."""

from pelican_photos.tasks import namespace

__all__ = ["namespace"]
