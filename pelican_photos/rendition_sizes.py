"""Which sizes a picture is offered in: a pure decision."""

from collections.abc import Sequence

# In fewer pixels an AVIF saves nothing: its container alone takes 300 bytes.
_LEAST_OF_AVIF = 100_000
# The longest side a WebP file can have: 14 bits (RFC 6386, section 9.1).
_WEBP_LONGEST = 16383

Size = tuple[int, int]  # width and height, in pixels


def rendition_sizes(width: int, height: int, steps: Sequence[str]) -> tuple[Size, ...]:
    """Choose sizes, small to large, for a picture as it is seen.

    A step is a height ("320h") or a width ("2048w").  One that is larger than
    the picture becomes the picture's own size: nothing is ever scaled up.  Of
    two that differ by less than a quarter the smaller is dropped, as no screen
    gains by it.  There is always at least one size.
    """
    longest = max(width, height)
    ceiling = (
        _scaled(width, height, _WEBP_LONGEST, longest)
        if longest > _WEBP_LONGEST
        else (width, height)
    )
    wanted = {min(_at_step(width, height, step), ceiling) for step in steps} or {ceiling}
    kept: list[Size] = []
    for size in sorted(wanted, reverse=True):
        if not kept or 4 * kept[-1][0] >= 5 * size[0]:
            kept.append(size)
    return tuple(reversed(kept))


def avif_sizes(sizes: Sequence[Size]) -> tuple[Size, ...]:
    """Choose those of the sizes that are worth an AVIF."""
    return tuple(size for size in sizes if size[0] * size[1] >= _LEAST_OF_AVIF)


def _at_step(width: int, height: int, step: str) -> Size:
    return _scaled(width, height, int(step[:-1]), height if step.endswith("h") else width)


def _scaled(width: int, height: int, numerator: int, denominator: int) -> Size:
    """Multiply both by one fraction, to the nearest pixel; no side vanishes."""
    return (
        max(1, (2 * width * numerator + denominator) // (2 * denominator)),
        max(1, (2 * height * numerator + denominator) // (2 * denominator)),
    )
