"""Checks of the two configuration files."""

from collections.abc import Iterator
from pathlib import Path

from pelican_photos.doctor.finding import Finding, bad, ok, unknown
from pelican_photos.doctor.site import Configuration, Site
from pelican_photos.errors import SettingsError
from pelican_photos.pelican_site import PRODUCTION

PLUGIN = "pelican_photos"


def plugin(site: Site) -> Iterator[Finding]:
    """Whether Pelican loads the plugin, in both configurations."""
    for each in (site.development, site.production):
        if isinstance(each, Configuration):
            plugins = each.raw.get("PLUGINS") or ()  # names, or modules themselves
            loaded = any(PLUGIN in (plugin, getattr(plugin, "__name__", "")) for plugin in plugins)
            if loaded:
                yield ok("settings", f"{each.name} can be read, and loads the plugin")
            else:
                yield bad(
                    "plugin",
                    f"{each.name} does not load it",
                    f'write PLUGINS = ["{PLUGIN}"] into it, beside any others',
                )


def theme(site: Site) -> Iterator[Finding]:
    """Which theme frames the gallery, and whether another one leads to it."""
    raw = site.development.raw
    name = Path(str(raw.get("THEME", ""))).name
    if name == "photostream":
        yield ok("theme", "photostream")
        return
    address = f"/{site.settings.path}/"
    leads = any(address in f"/{link}/" for _, link in raw.get("MENUITEMS") or ())
    if leads:
        yield ok("theme", f"{name}, whose menu leads to the gallery")
    else:
        yield unknown(
            "theme",
            f"{name}; nothing in MENUITEMS leads to the gallery",
            f'add ("Photos", "{address}") to MENUITEMS, unless the theme has a link of its own',
        )


def publishing(site: Site) -> Iterator[Finding]:
    """Whether the site knows where it will be."""
    found = site.production
    if isinstance(found, SettingsError):
        if not (site.root / PRODUCTION).is_file():
            yield unknown(
                "publishing",
                f"{PRODUCTION} is missing",
                "`invoke publish` needs it; copy that of the example site",
            )
        else:
            yield bad("settings", str(found), "correct it, then run this again")
        return
    address = found.settings.siteurl
    if not address.startswith(("https://", "http://")):
        yield bad(
            "publishing",
            f"SITEURL is {address!r} in {PRODUCTION}",
            'say where the site will be, such as SITEURL = "https://photos.example.org"',
        )
    else:
        yield ok("publishing", f"the site will be at {address}/")
    if not found.settings.bucket:
        yield unknown(
            "publishing",
            f"PHOTOS_BUCKET is not set in {PRODUCTION}",
            "name a bucket for `invoke publish`, unless something else carries the site",
        )
