"""Checks of the key in use: whose it is, and whether it could do more harm than it has to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pelican_photos.doctor.finding import Finding, bad, ok, unknown
from pelican_photos.doctor.site import Site
from pelican_photos.publish.facts import Fact, Heard

if TYPE_CHECKING:
    from pelican_photos.publish.inspection import Inspection


def keys(site: Site) -> Iterator[Finding]:
    """Whose key this is, where AWS can be asked; nothing of the key itself is said."""
    found = site.asked
    if found is not None:
        yield from judge_identity(found, site.published.bucket_owner)
        yield from judge_powers(found.powers)


def judge_identity(found: "Inspection", owner: str) -> Iterator[Finding]:
    """Whose key is in use: nobody's root, nobody else's, and best a short-lived one."""
    if found.identity is None:
        return
    if found.identity.heard is not Heard.SAID:
        yield unknown("key", f"whose it is cannot be told: {found.identity.why}", "log in anew")
        return
    arn = str(found.identity.value)
    account, who = arn.split(":")[4], arn.rpartition(":")[2].partition("/")[0]
    if arn.endswith(":root"):
        yield bad(
            "key",
            "it is the root user's, who may do anything",
            "make a user or role with what `invoke bucket --policy` prints, and set AWS_PROFILE",
        )
    elif owner and account != owner:
        yield bad(
            "key",
            f"it is of the account {account}, not {owner}",
            "choose another AWS_PROFILE, or correct PHOTOS_BUCKET_OWNER",
        )
    else:
        yield ok("key", f"a {who.removeprefix('assumed-')} of the account {account}")
    if found.long_lived:
        yield unknown(
            "key", "it never expires", "`aws configure sso` gives keys that do, where you have it"
        )


def judge_powers(fact: Fact | None) -> Iterator[Finding]:
    """Whether the key could do more harm than a publisher has to be able to."""
    if fact is None or fact.heard is not Heard.SAID:
        if fact is not None:
            yield unknown(
                "key",
                f"whether it may do too much cannot be told ({fact.action}): {fact.why}",
                "hold its policy against `invoke bucket --policy`",
            )
        return
    strong = sorted(
        {each["EvalActionName"] for each in fact.value if each.get("EvalDecision") == "allowed"}
    )
    if strong:
        yield unknown(
            "key",
            f"it may also {', '.join(strong)}",
            "publish with a key of its own, which may what `invoke bucket --policy` prints",
        )
    else:
        yield ok("key", "it can change no policy, and destroy no version")
