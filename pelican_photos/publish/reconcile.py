"""What is there against what is wanted, as plain data: does it hold, and what would mend it.

Pure.  Nothing that somebody else set is taken away: statements, rules and origins of other names
stay, and so does every setting of which the wanted one says nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

# By which of its entries one item of a list is known again.
_NAMES = ("Sid", "ID", "Id", "ErrorCode", "EventType", "PathPattern")
# What has either the one or the others: a behaviour a cache policy or what is older, an origin a
# bucket or a host of any kind.
_INSTEAD_OF: Mapping[str, Sequence[str]] = {
    "CachePolicyId": ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"),
    "S3OriginConfig": ("CustomOriginConfig",),
}
# One choice of several: laid over another one, it would be two.
_WHOLE = frozenset({"ViewerCertificate"})


def holds(found: Any, wanted: Any) -> bool:
    """Say whether everything that is wanted is there; what else is there does not count.

    The order of a list says nothing: AWS gives methods and statements back in its own.
    """
    if isinstance(wanted, Mapping):
        found = {} if found is None else found
        return isinstance(found, Mapping) and all(
            name == "Quantity" or holds(found.get(name), value) for name, value in wanted.items()
        )
    if wanted == "":  # which an answer may leave out
        return not found
    if isinstance(wanted, Sequence) and not isinstance(wanted, str | bytes):
        found = found if isinstance(found, list | tuple) else [found]
        exact = not any(_name(each) for each in wanted)
        return all(any(holds(there, each) for there in found) for each in wanted) and (
            not exact or all(any(holds(there, each) for each in wanted) for there in found)
        )
    if isinstance(found, list | tuple) and len(found) == 1:  # a policy's list of one
        found = found[0]
    return bool(found == wanted)


def merged(found: Any, wanted: Any) -> Any:
    """Lay what is wanted over what is there."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        laid = {
            **found,
            **{
                name: each if name in _WHOLE else merged(found.get(name), each)
                for name, each in wanted.items()
            },
        }
        for others in (_INSTEAD_OF[name] for name in _INSTEAD_OF.keys() & wanted.keys()):
            laid = {name: value for name, value in laid.items() if name not in others}
        if "Items" in laid:
            laid["Quantity"] = len(laid["Items"])
        return laid
    if isinstance(wanted, list) and isinstance(found, list) and any(map(_name, wanted)):
        ours = {_name(each) for each in wanted}
        named = {_name(each): each for each in found}
        others = [each for each in found if _name(each) not in ours]
        return [*others, *(merged(named.get(_name(each), {}), each) for each in wanted)]
    return wanted


def differences(found: Any, wanted: Any, way: str = "") -> list[str]:
    """Name what does not hold, by the way to it: "DefaultCacheBehavior.Compress"."""
    if holds(found, wanted):
        return []
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return [
            each
            for name, value in wanted.items()
            if name != "Quantity"
            for each in differences(found.get(name), value, f"{way}.{name}" if way else name)
        ]
    return [way.removesuffix(".Items")]


def _name(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return None
    return next((item[name] for name in _NAMES if name in item), None)


def wrong_statements(found: Any, wanted: Mapping[str, Any]) -> list[str]:
    """Name the wanted statements that a policy lacks, or has in another wording.

    A condition more or less changes what a statement says, so only the same one holds.
    """
    there = {_name(each): _canonical(each) for each in _listed(found.get("Statement", []))}
    return [
        statement["Sid"]
        for statement in wanted["Statement"]
        if there.get(statement["Sid"]) != _canonical(statement)
    ]


def with_statements(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Put the wanted statements behind those of other names, each whole.

    What was added to one of ours, such as somebody else who is let in, goes.
    """
    ours = {_name(each) for each in wanted["Statement"]}
    others = [each for each in _listed(found.get("Statement", [])) if _name(each) not in ours]
    return {**found, **wanted, "Statement": [*others, *wanted["Statement"]]}


def without_blocked_types(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Say the same to a boto3 that is too old to know of SSE-C being refused."""
    rules = [
        {name: value for name, value in rule.items() if name != "BlockedEncryptionTypes"}
        for rule in wanted["Rules"]
    ]
    return {**wanted, "Rules": rules}


def with_own_key(found: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Leave a key of the owner's (KMS) in place, which is no worse than S3's own."""
    rules = found.get("Rules") or [{}]
    by_default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    if not str(by_default.get("SSEAlgorithm", "")).startswith("aws:kms"):
        return dict(wanted)
    others = {
        name: value
        for name, value in wanted["Rules"][0].items()
        if name != "ApplyServerSideEncryptionByDefault"
    }
    return {"Rules": [{**rules[0], **others}]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _canonical(value: Any) -> Any:
    """Write a statement in the one way: what may be a text or a list is a list in order."""
    if isinstance(value, Mapping):
        return {name: _canonical(each) for name, each in value.items()}
    return sorted(map(str, _listed(value)))
