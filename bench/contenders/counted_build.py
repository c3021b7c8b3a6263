"""A build of Pelican's that counts what it does: COUNTS, then Pelican's own arguments.

COUNTS is a file that gets, as JSON, how often each of Jinja's templates was rendered, and how many
originals were opened: pictures below ``content/``.  Nothing of the package is touched.  Counting
takes time, so that this build is never the one that is measured.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import jinja2
from pelican import main as pelican

_PICTURES = (".jpg", ".jpeg")


def main(counts: Path, arguments: list[str]) -> None:
    content = str(Path("content").resolve())
    rendered: Counter[str] = Counter()
    opened: list[str] = []

    def counting(name: str):
        inner = getattr(jinja2.Template, name)

        def counted(template, *words, **named):
            rendered[str(template.name)] += 1
            return inner(template, *words, **named)

        return counted

    def audit(event: str, details: tuple) -> None:
        if event == "open" and isinstance(details[0], str | bytes):
            name = details[0] if isinstance(details[0], str) else details[0].decode()
            if name.endswith(_PICTURES) and str(Path(name).absolute()).startswith(content):
                opened.append(name)

    for name in ("render", "generate"):  # stream() calls generate()
        setattr(jinja2.Template, name, counting(name))
    sys.addaudithook(audit)
    try:
        pelican(arguments)
    finally:
        counts.write_text(json.dumps({"rendered": rendered, "opened": len(opened)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
