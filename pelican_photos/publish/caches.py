"""Word to every CDN that stands before the site: CloudFront, Cloudflare, both or none."""

from collections.abc import Collection

from pelican_photos.settings import Settings


def has_cache(settings: Settings) -> bool:
    """Tell whether there is one that has to be told."""
    return bool(settings.cdn_distribution or settings.cloudflare_zone)


def forget(settings: Settings, paths: Collection[str]) -> None:
    """Make each forget paths, which begin at the root of the site's host.

    CloudFront comes first: where Cloudflare stands before it, it must not fetch what is old.

    Raises:
        PublishError: one refuses, or cannot be reached; to tell all of them again does no harm.
    """
    if settings.cdn_distribution:
        from pelican_photos.publish import cdn  # noqa: PLC0415 - seldom needed, and heavy

        cdn.invalidate(settings.cdn_distribution, paths)
    if settings.cloudflare_zone:
        from pelican_photos.publish import cloudflare  # noqa: PLC0415 - likewise

        sites = dict.fromkeys(filter(None, (settings.siteurl, settings.public_originals_url)))
        cloudflare.purge(settings.cloudflare_zone, sites, paths)
