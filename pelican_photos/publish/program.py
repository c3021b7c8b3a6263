"""The steps of a set-up as a program: Python that runs, and that a person reads first.  Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pelican_photos.publish.infrastructure import Step
from pelican_photos.publish.layout import Answer, Over, Text

_INDENT = "    "


def program_of(steps: Sequence[Step], *, region: str, endpoint: str = "") -> str:
    """Write every call with its arguments, in order."""
    where = f", endpoint_url={endpoint!r}" if endpoint else ""
    lines = [
        '"""Made by `invoke bucket`: what a safe set-up is.  Read it before you run it."""',
        "",
        "import json",
        "",
        "import boto3",
        "",
        f's3 = boto3.client("s3", region_name={region!r}{where})',
    ]
    if any(step.service == "cloudfront" for step in steps):
        lines.append('cloudfront = boto3.client("cloudfront", region_name="us-east-1")')
    for step in steps:
        lines += ["", f"# {step.title}", *_call(step)]
    return "\n".join(lines) + "\n"


def _call(step: Step) -> Iterator[str]:
    assigned = f"{step.name} = " if step.name else ""
    yield f"{assigned}{step.service}.{step.operation}("
    for name, value in step.arguments.items():
        yield f"{_INDENT}{name}={_written(value, 1)},"
    yield ")"


def _written(value: Any, depth: int) -> str:
    """Write a value as Python; ``depth`` is how far its own line is indented."""
    if isinstance(value, Answer):
        return _reference(value)
    if isinstance(value, Text):
        return f"json.dumps({_written(value.content, depth)})"
    if isinstance(value, dict | Over):
        return _block("{", list(_entries(value, depth)), depth)
    if isinstance(value, list):
        return _block("[", [_written(each, depth + 1) for each in value], depth)
    if isinstance(value, bytes):
        return _code(value.decode(), depth)
    return repr(value)


def _reference(answer: Answer) -> str:
    return answer.step + "".join(f"[{each!r}]" for each in answer.path)


def _entries(value: Mapping[str, Any] | Over, depth: int) -> Iterator[str]:
    if isinstance(value, Over):
        yield f"**{_reference(value.base)}"
    for name, each in (value.changes if isinstance(value, Over) else value).items():
        yield f"{name!r}: {_written(each, depth + 1)}"


def _block(opening: str, entries: Sequence[str], depth: int) -> str:
    closing = {"{": "}", "[": "]"}[opening]
    flat = f"{opening}{', '.join(entries)}{closing}"
    if "\n" not in flat and len(flat) <= 72 - depth * len(_INDENT):
        return flat
    inner = _INDENT * (depth + 1)
    lines = "".join(f"{inner}{entry},\n" for entry in entries)
    return f"{opening}\n{lines}{_INDENT * depth}{closing}"


def _code(text: str, depth: int) -> str:
    inner = _INDENT * (depth + 1)
    lines = "".join(f"\n{inner}{line!r}" for line in text.splitlines(keepends=True))
    return f"({lines}\n{_INDENT * depth}).encode()"
