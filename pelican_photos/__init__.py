"""Pelican Photostream: your Instagram photos as a gallery on your own Pelican site.

The map of the package, from the inside out::

    model, errors                 the nouns, and what can go wrong
    naming, caption, page,        pure: names, texts, what a post becomes,
    composition, upstream,        what upstream said, how it is merged,
    merge, matching, cadence      which posts are the same, when to come back
    metadata/, embedded/          pure: where a file keeps its location, and what it says of itself
    settings, library, ledger,    one outside thing each: the configuration, the pages,
    images, renditions,           what upstream last said, Pillow, the cache of renditions,
    freed_memory,                 and the memory that they take,
    public_copy, serving          the bytes that leave, the preview server
    executor                      where renditions are made: here, or by a cluster
    sources/                      where posts come from: Instagram, its data export, a folder of
                                  Instaloader's, files on disk
    importer                      posts in, photos out; with storing, recognising, reconciling,
                                  improving and commenting, a step each
    import_doors, import_command  which source a request is about, and the run around it
    adding/                       the next photo, asked for at a terminal
    plugin/                       Pelican's side: the gallery
    running_builds, cache_command what a build leaves for the next one: who uses it, what is in it,
    cache_why                     and why something is made again
    publish/                      the bucket and the CDN
    demo/                         sample data, drawn and written by our own code
    tasks/                        what people type

``PLUGINS = ["pelican_photos"]`` is all that a site needs; ``register`` is what Pelican calls.
"""

__version__ = "0.1.0"


def register() -> None:
    """Connect the gallery to Pelican; nothing else of the package is imported before."""
    from pelican_photos.plugin import register as connect  # noqa: PLC0415 - loads Pelican

    connect()


def theme() -> str:
    """Give the path of our own theme: ``THEME = pelican_photos.theme()`` in ``pelicanconf.py``."""
    from pelican_photos.plugin.assets import theme_folder  # noqa: PLC0415 - loads Pelican

    return str(theme_folder())
