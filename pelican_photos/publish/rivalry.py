"""What a publish from here would take back of a publish from somewhere else.

Pure.  Two machines that have the same pages publish the same site, whoever comes last; two that
have not would each undo the other.  So it is pages that are compared, the text that people and
imports write, and not what was built of them: that differs for many a harmless reason.
"""

from collections.abc import Iterator, Mapping

Pages = Mapping[str, str]  # file below the content, and its digest


def taken_back(base: Pages, theirs: Pages, ours: Pages) -> tuple[str, ...]:
    """Name the pages that they changed, added or removed since ``base``, and we did not.

    ``base`` is what this machine last saw published; nothing, where it has seen none.  A page
    that only we changed is none of these, and nor is one that is alike on both sides.
    """
    return tuple(sorted(_taken_back(base, theirs, ours)))


def _taken_back(base: Pages, theirs: Pages, ours: Pages) -> Iterator[str]:
    for page in {*base, *theirs}:
        they, we = theirs.get(page), ours.get(page)
        if they != base.get(page) and they != we:
            yield page
