"""What a publish would ask of the server, and what AWS would charge for it.

Pure.  List prices of S3 Standard and CloudFront in us-east-1, in US dollars, as their pricing pages
had them in 2026; other regions, other servers and the first months of an account differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from pelican_photos.publish.objects import PART, Change, Reason
from pelican_photos.publish.plan import Plan, in_words

_A_LISTING = 1000  # objects
_WRITE = 0.005 / 1000  # PUT, COPY, POST and LIST
_MONTH = 0.023 / 1e9  # a byte, stored for a month
_NOTED = 8  # the claim, the journal, the manifest, and looking whether they are still ours


@dataclass(frozen=True, slots=True)
class Price:
    """Requests that cost something, what they cost, and what is then to be stored."""

    requests: int
    stored: int  # bytes more than before

    @property
    def dollars(self) -> float:
        """Once, for the requests."""
        return self.requests * _WRITE

    @property
    def monthly(self) -> float:
        """Each month, for what is new."""
        return self.stored * _MONTH

    def __str__(self) -> str:
        return (
            f"{self.requests:,} requests, at AWS's list price {_money(self.dollars)};"
            f" {in_words(self.stored)} more to keep, {_money(self.monthly)} a month"
        )


def price_of(plans: Iterable[Plan]) -> Price:
    """Add up what plans would ask for; deletes cost nothing."""
    requests = stored = 0
    for plan in plans:
        requests += max(1, ceil((plan.unchanged + len(plan.changes)) / _A_LISTING))
        requests += _NOTED if plan.changes else 0
        requests += sum(map(_requests, plan.changes))
        new = (Reason.MISSING, Reason.MOVED)
        stored += sum(change.weight for change in plan.changes if change.reason in new)
    return Price(requests, stored)


def _requests(change: Change) -> int:
    """An object in parts is begun, sent and completed."""
    return 1 if change.size <= PART else ceil(change.size / PART) + 2


def _money(dollars: float) -> str:
    return f"${dollars:.2f}" if dollars >= 0.01 else f"${dollars:.4f}"
