"""Who may import whom.  The table is the architecture; this test keeps it."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pelican_photos"

CORE = {
    *("model", "errors", "naming", "caption", "page", "composition", "cadence", "report"),
    *("upstream", "merge", "matching", "describing"),
    "media_types",
    "content_types",
    "publish_options",
    "public_rules",
    "visibility",
    "subtitles",
}
# The standard library without files, sockets and processes, and pure libraries.
PURE = {
    *("abc", "base64", "bisect", "collections", "contextlib", "dataclasses", "datetime"),
    *("decimal", "enum", "functools", "hashlib", "html", "itertools", "json", "math", "mmap"),
    *("operator", "re", "string", "struct", "typing", "unicodedata", "urllib", "zlib", "binascii"),
    *(
        "regex",
        "unidecode",
        "markupsafe",
        "calendar",
        "pathlib",
        "types",
        "colorsys",
        "codecs",
        "gzip",
        "xml",
    ),
}
# A line of the table: files, what of the package, which libraries outside the standard one;
# pure files also get no part of the standard library that reaches outside.
TABLE: list[tuple[str, set[str], set[str], bool]] = [
    (r"__init__", {"plugin"}, set(), False),
    (rf"({'|'.join(sorted(CORE))})", CORE, set(), True),
    (
        (
            r"plugin/(caption_links|entry|topics|gallery|listing|markup|placement|discussion"
            r"|anniversaries|short_addresses|structured|feed_(items|words)|atom|json_feed|search_index"
            r"|atlas|calendar|directory|fingerprint|precedence)"
        ),
        CORE | {"plugin"},
        set(),
        True,
    ),
    (
        r"publish/(plan|keys|classify|objects|private|manifest|journal|rivalry|price|\w+_plan|pull_outcome)",
        CORE | {"publish"},
        set(),
        True,
    ),
    (
        (
            r"publish/(policies|layout|distribution|infrastructure|program|cloudformation|reconcile"
            r"|facts)"
        ),
        {"errors", "publish"},
        set(),
        True,
    ),
    (
        r"sources/(instagram_(json|alt|comments|media|users|address|ownership)|loose_json)",
        CORE | {"sources"},
        set(),
        True,
    ),
    (
        r"sources/(json_stream|export_(text|names|words|media|posts|details|early|dates|html))",
        CORE | {"sources"},
        set(),
        True,
    ),
    (r"sources/instagram_export", CORE | {"sources"}, set(), False),
    (r"metadata/.*", {"errors", "metadata"}, set(), True),
    (r"embedded/.*", {"errors", "caption", "metadata", "embedded"}, set(), True),
    (r"atomic", CORE, {"filelock"}, False),
    (r"cache_database", {"errors"}, set(), False),
    (r"cache_why", {"errors", "library", "plugin"}, {"pelican"}, False),
    (r"running_builds", {"errors", "atomic"}, {"filelock"}, False),
    (
        r"(library|ledger|pauses|watch_state)",
        CORE | {"atomic", "page_files", "comment_files"},
        set(),
        False,
    ),
    (r"(page|comment)_files", CORE | {"atomic"}, set(), False),
    (r"link_queue", CORE | {"atomic", "pauses"}, set(), False),
    (r"settings", CORE, set(), False),
    (r"public_copy", {"errors", "metadata", "atomic", "public_rules"}, set(), False),
    (r"(images|image_\w+)", {"errors", "images", "image_*"}, {"PIL", "pillow_heif"}, False),
    (
        r"(renditions|rendition_\w+)",
        CORE
        | {"images", "image_formats", "atomic", "cache_database", "freed_memory"}
        | {"renditions", "rendition_*"},
        set(),
        False,
    ),
    (r"adding/(chosen|dates|wording|summary)", CORE | {"embedded", "adding"}, set(), True),
    (r"adding/composing", CORE | {"adding", "sources"}, set(), False),
    (r"adding/preview", {"images"}, {"PIL", "rich"}, False),
    (
        r"adding/.*",
        CORE
        | {"adding", "embedded", "metadata", "images", "originals", "sources", "library", "ledger"}
        | {"importer", "storing", "atomic", "settings", "terminal", "film_still"},
        {"rich"},
        False,
    ),
    (r"film_still", {"media_types"}, set(), False),
    (r"originals", CORE | {"images", "atomic", "sources", "embedded", "film_still"}, set(), False),
    (
        (
            r"(importer|storing|commenting|improving|recognising|reconciling|forgetting"
            r"|recent_comments|profile_picture)"
        ),
        CORE
        | {"library", "ledger", "originals", "images", "atomic", "sources", "film_still"}
        | {"storing", "commenting", "improving", "recognising", "reconciling"},
        set(),
        False,
    ),
    (r"sources/instagram_browsers", CORE | {"sources"}, {"browser_cookie3"}, False),
    (
        r"sources/instagram_queue",
        CORE | {"sources", "link_queue", "pauses"},
        set(),
        False,
    ),
    (
        r"sources/instagram(_session|_errors|_pace|_cdn|_downloads|_requests|_\w+)?",
        CORE | {"sources"},
        {"instaloader", "requests", "urllib3"},
        False,
    ),
    (r"sources/.*", CORE | {"sources"}, set(), False),
    (
        r"plugin/.*",
        CORE
        | {"settings", "library", "renditions", "public_copy", "atomic", "cache_database", "clock"}
        | {"comment_files", "plugin", "executor", "running_builds", "rendition_making"},
        {"pelican", "jinja2", "markdown", "rich", "feedgenerator", "blinker"},
        False,
    ),
    (r"publish/cluster_orders", {"publish"}, set(), True),
    (
        r"publish/cluster\w*",
        CORE | {"settings", "publish", "images", "image_formats", "rendition_*"},
        {"distributed"},
        False,
    ),
    (
        r"publish/.*",
        CORE | {"settings", "atomic", "public_copy", "publish"},
        {"boto3", "botocore", "s3transfer", "requests", "urllib3"},
        False,
    ),
    (r"executor", CORE | {"settings", "rendition_*", "publish"}, set(), False),
    (r"clock", {"errors"}, set(), False),
    (r"freed_memory", set(), set(), False),
    (r"serving", {"errors", "content_types"}, set(), False),
    (r"terminal", {"errors"}, {"invoke", "rich"}, False),
    (r"pelican_site", {"errors", "settings"}, {"pelican"}, False),
    (r"rebuilding", {"errors", "changes", "watched_site", "site_modules"}, {"pelican"}, False),
    (r"watched_site", {"settings", "changes"}, {"watchfiles"}, False),
    (r"changes", set(), {"watchfiles"}, False),
    (r"site_modules", set(), set(), False),
    (r"demo/.*", {"*"}, {"PIL", "boto3", "botocore", "moto", "flask", "werkzeug"}, False),
    (r"import_(command|doors)", {"*"}, set(), False),
    (
        r"doctor/.*",
        CORE
        | {"doctor", "settings", "pelican_site", "library", "ledger", "images", "metadata"}
        | {"plugin", "sources", "publish"},
        set(),
        False,
    ),
    (r"(__main__|tasks/.*|development|\w+_command)", {"*"}, {"invoke", "rich"}, False),
]
NEVER = {
    "plugin": {"sources", "importer", "publish", "originals", "import_command"},
    "publish": {"plugin", "sources", "importer"},
    "sources": {"library", "importer", "plugin", "publish", "ledger"},
}


def modules() -> list[str]:
    return sorted(str(file.relative_to(PACKAGE).with_suffix("")) for file in PACKAGE.rglob("*.py"))


@cache
def imports_of(module: str) -> frozenset[str]:
    """Every module a file imports, at its top or inside a function, but not for types alone."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names}
                if node.module.startswith("pelican_photos")
                else {node.module}
            )
    return frozenset(found)


def row(module: str) -> tuple[str, set[str], set[str], bool]:
    name = re.sub(r"/__init__$", "/_package", module)
    return next(line for line in TABLE if re.fullmatch(line[0], name))


def allowed(part: str, wanted: set[str]) -> bool:
    return bool({"*", part} & wanted) or any(
        name.endswith("*") and part.startswith(name[:-1]) for name in wanted
    )


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_its_place_allows(module):
    _, ours, theirs, pure = row(module)
    for name in imports_of(module):
        top, _, rest = name.partition(".")
        if top == "pelican_photos":
            part = rest.partition(".")[0]
            if (part and (PACKAGE / part).exists()) or (PACKAGE / f"{part}.py").exists():
                assert allowed(part, ours), f"{module} imports {name}"
        elif top in sys.stdlib_module_names:
            assert not pure or top in PURE, f"{module} should be pure, but imports {name}"
        else:
            assert top in theirs | PURE, f"{module} imports {name}"


@pytest.mark.parametrize("module", modules())
def test_no_module_crosses_a_wall(module):
    top = module.partition("/")[0]
    for name in imports_of(module):
        part = name.removeprefix("pelican_photos.").partition(".")[0]
        assert not (name.startswith("pelican_photos.") and part in NEVER.get(top, ())), name


def test_no_pure_module_opens_a_file():
    for module in modules():
        if row(module)[3]:
            text = (PACKAGE / f"{module}.py").read_text()
            assert not re.search(r"\bopen\(|\.read_text\(|\.read_bytes\(|\.write_", text), module


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import pelican_photos", ["pelican", "PIL", "boto3", "botocore", "instaloader"]),
        # Pelican itself loads Pillow, through docutils.
        ("import pelican_photos; pelican_photos.register()", ["boto3", "botocore", "instaloader"]),
        (
            "from pelican_photos.tasks.site import *; pelican_site.read_settings()",
            ["pelican", "PIL", "boto3", "botocore", "instaloader", "moto"],
        ),
        (
            "import pelican_photos.plugin.generator, pelican_photos.executor",
            ["boto3", "botocore", "distributed", "dask", "instaloader"],
        ),
        ("import pelican_photos.doctor", ["boto3", "botocore", "instaloader", "moto"]),
    ],
)
def test_what_is_heavy_loads_only_when_its_verb_runs(statement, heavy):
    code = f"{statement}\nimport sys\nprint([m for m in {heavy} if m in sys.modules])"

    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ended.stdout.strip() == "[]"


def test_files_and_functions_stay_small():
    for module in modules():
        text = (PACKAGE / f"{module}.py").read_text()
        assert text.count("\n") <= 350, module
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 50, f"{module}: {node.name} has {length} lines"
