"""How much a publish costs, beside a bare boto3 loop in the same run.

    python bench/publish.py [FILES]

A server on loopback stands for S3, in a process of its own; so latency, TLS and
throttling are not in the numbers, and only ratios mean something.  The bare loop
lists, compares MD5 and ETag, and puts with ten threads: no order, no manifest,
no headers but the type, no cleaning, nothing remembered.
"""

import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOOPS = 3
PHASES = ("first", "no-op", "rebuilt", "changed")


def webp(seed: int, size: int) -> bytes:
    """A WebP container around noise: what a rendition weighs, without drawing it."""
    noise = random.Random(seed).randbytes(size & ~1)
    chunk = b"VP8 " + len(noise).to_bytes(4, "little") + noise
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def build(root: Path, files: int) -> None:
    output = root / "output"
    for number in range(files // 5):
        folder = output / f"photos/2024/{number:05}"
        folder.mkdir(parents=True)
        for step in range(4):
            digest = f"{number * 4 + step:08x}"
            size = random.Random(number * 4 + step).randrange(130_000, 170_000)
            (folder / f"{step}-{digest}.webp").write_bytes(webp(number * 4 + step, size))
        (folder / "index.html").write_bytes(b"<p>%05d</p>" % number * 400)
    (output / "index.html").write_bytes(b"home")


def ours(root: Path, url: str) -> None:
    from pelican_photos.publish import Options, publish  # noqa: PLC0415 - loading it is part of the cost
    from pelican_photos.settings import Settings  # noqa: PLC0415 - loading it is part of the cost

    settings = Settings(
        root=root,
        content=root / "content",
        output=root / "output",
        bucket="site",
        site_bucket="site",
        s3_endpoint=url,
    )
    publish(settings, [], Options(), confirm=lambda _: False, say=lambda _: None)


def bare(root: Path, url: str) -> None:
    import boto3  # noqa: PLC0415 - loading it is part of the cost
    from botocore.config import Config  # noqa: PLC0415 - loading it is part of the cost

    config = Config(max_pool_connections=10, s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=url, config=config)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="site")
    there = {
        entry["Key"]: (entry["Size"], entry["ETag"].strip('"'))
        for page in pages
        for entry in page.get("Contents", [])
    }
    output = root / "output"

    def put(path: Path) -> None:
        key, body = path.relative_to(output).as_posix(), path.read_bytes()
        if there.get(key) != (len(body), hashlib.md5(body).hexdigest()):
            client.put_object(Bucket="site", Key=key, Body=body, ContentType="image/webp")

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(put, [path for path in output.rglob("*") if path.is_file()]))


def serve() -> None:
    """Run the server; each line on standard input asks for the counts, "begin" empties it."""
    sys.path.insert(0, str(ROOT / "tests"))
    from fakes.s3 import serving_s3  # noqa: PLC0415 - the contenders must not load moto

    with serving_s3() as fake:
        print(fake.url, flush=True)
        for line in sys.stdin:
            print(json.dumps(fake.counts), flush=True)
            fake.forget()
            if line.strip() == "begin":
                fake.begin()


def worker(contender: str, root: Path, url: str) -> None:
    """Run one contender once, imports and all, and print what it took."""
    start = time.perf_counter()
    {"ours": ours, "bare": bare}[contender](root, url)
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    memory = used.ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": memory}))


class Bench:
    def __init__(self, files: int) -> None:
        self.files = files
        self.taken: dict[tuple[str, str], list[dict]] = {}
        sys.path.insert(0, str(ROOT / "tests"))
        from fakes.s3 import ENVIRONMENT  # noqa: PLC0415 - as above

        self.environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, __file__, "--serve"]
        self.server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.url = self.server.stdout.readline().strip()

    def ask(self, line: str = "") -> dict:
        self.server.stdin.write(line + "\n")
        self.server.stdin.flush()
        return json.loads(self.server.stdout.readline())

    def run(self, contender: str, phase: str, root: Path) -> None:
        # A file must have settled before its digest is remembered.
        time.sleep(2.1)
        self.ask()
        command = [sys.executable, __file__, "--as", contender, str(root), self.url]
        ended = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        taken = json.loads(ended.stdout) | {"requests": self.ask()}
        self.taken.setdefault((contender, phase), []).append(taken)

    def loop(self, contender: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            build(root, self.files)
            self.ask("begin")
            self.run(contender, "first", root)
            self.run(contender, "no-op", root)
            shutil.rmtree(root / "output")
            build(root, self.files)
            self.run(contender, "rebuilt", root)
            for page in sorted((root / "output").rglob("index.html"))[: self.files // 100]:
                page.write_bytes(b"changed")
            self.run(contender, "changed", root)

    def median(self, contender: str, phase: str, what: str) -> float:
        return statistics.median(taken[what] for taken in self.taken[contender, phase])


def report(bench: Bench) -> bool:
    """Print every number, and say whether each meets its target."""
    lines: list[tuple[str, float, float]] = []
    for phase in PHASES:
        for contender in ("bare", "ours"):
            wall, cpu, memory = (
                bench.median(contender, phase, what) for what in ("wall", "cpu", "memory")
            )
            requests = bench.taken[contender, phase][-1]["requests"]
            print(
                f"  {phase:8} {contender}: {wall:.2f} s, {cpu:.2f} CPU s, {memory:.0f} MB,"
                f" {requests}"
            )
    for phase, wall, cpu in (("first", 0.95, 1.0), ("no-op", 0.6, 0.6), ("rebuilt", 0.6, 0.6)):
        for what, target in (("wall", wall), ("cpu", cpu)):
            ratio = bench.median("ours", phase, what) / bench.median("bare", phase, what)
            lines.append((f"{phase} {what} / bare", ratio, target))
    for phase in ("no-op", "rebuilt"):
        requests = bench.taken["ours", phase][-1]["requests"]
        lines.append((f"{phase} PUT and GET", requests.get("PUT", 0) + requests.get("GET", 0), 0))
    changed = bench.taken["ours", "changed"][-1]["requests"]
    lines.append(("changed PUT beyond one a page", changed["PUT"] - bench.files // 100, 1))
    lines.append(("first peak MB", bench.median("ours", "first", "memory"), 90))
    for name, value, target in lines:
        met = "ok" if value <= target else "SHORT"
        print(f"{name}: {value:.4g} (target ≤ {target:g}) {met}")
    return all(value <= target for _, value, target in lines)


def main() -> int:
    if sys.argv[1:2] == ["--serve"]:
        serve()
        return 0
    if sys.argv[1:2] == ["--as"]:
        worker(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
        return 0
    bench = Bench(int(sys.argv[1]) if sys.argv[1:] else 2000)
    try:
        for _ in range(LOOPS):
            for contender in ("bare", "ours"):
                bench.loop(contender)
        return 0 if report(bench) else 1
    finally:
        bench.server.stdin.close()
        bench.server.wait()


if __name__ == "__main__":
    sys.exit(main())
