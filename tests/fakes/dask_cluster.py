"""A Dask cluster on loopback: a scheduler and two workers, each a process with its own key."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client, Status

from fakes.s3_credentials import ENVIRONMENT

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60  # seconds
DASK = ("-m", "dask")
# Python's own way of not having a package.
_HIDING = (
    "import runpy, sys; sys.modules[{!r}] = None; runpy.run_module('dask', run_name='__main__')"
)
DASK_WITHOUT_US = ("-c", _HIDING.format("pelican_photos"))
DASK_WITHOUT_HEIC = ("-c", _HIDING.format("pillow_heif"))
WORKER_KEYS = ("AKIAWORKERONEEXAMPLE", "AKIAWORKERTWOEXAMPLE")


@dataclass
class FakeCluster:
    """What runs; the processes end with it."""

    folder: Path
    port: int
    processes: ExitStack
    scheduler: subprocess.Popen | None = None
    workers: dict[str, subprocess.Popen] = field(default_factory=dict)  # by the key of each

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self, program: Sequence[str] = DASK) -> None:
        self.scheduler = self._start(
            *("scheduler", "--port", str(self.port), "--no-jupyter"), key="", program=program
        )
        _wait_for(self.port)

    def start_worker(self, key: str, program: Sequence[str] = DASK) -> None:
        self.workers[key] = self._start(
            *("worker", self.address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0"),
            *("--local-directory", str(self.folder / key)),
            key=key,
            program=program,
        )

    def wait_for_workers(self) -> None:
        with self.client() as client:
            client.wait_for_workers(len(self.workers), timeout=_PATIENCE)

    @contextmanager
    def joined_by(self, program: Sequence[str]) -> Iterator[None]:
        """Let one more worker join, which runs something else."""
        key = WORKER_KEYS[0][::-1]
        self.start_worker(key, program)
        try:
            self.wait_for_workers()
            yield
        finally:
            self.kill(key)
            self.workers.pop(key).wait()

    @contextmanager
    def stopped(self, key: str) -> Iterator[None]:
        """Let a worker do nothing and say nothing for a while, and stay connected."""
        self.workers[key].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.workers[key].send_signal(signal.SIGCONT)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let no worker take orders for a while, as one does that is short of memory."""

        def become(name: str, dask_worker) -> None:  # travels as it is written
            dask_worker.status = Status[name]

        with self.client() as client:
            client.run(become, "paused")
            try:
                yield
            finally:
                client.run(become, "running")

    def kill(self, key: str) -> None:
        """End a worker without a word."""
        self.workers[key].send_signal(signal.SIGKILL)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Join as somebody who looks in."""
        with Client(self.address, timeout=_PATIENCE, set_as_default=False) as client:
            yield client

    def hold_answers_back(self, seconds: float) -> None:
        """Let the first answer of the next build be fetched after so long, and all with it."""

        def hold(dask_scheduler) -> None:  # travels as it is written, being none of a module's
            gather, asked = dask_scheduler.handlers["gather"], []

            async def held(*args, **named):
                asked.append(time.monotonic())
                await asyncio.sleep(asked[0] + seconds - time.monotonic())
                return await gather(*args, **named)

            dask_scheduler.handlers["gather"] = held

        with self.client() as client:
            client.run_on_scheduler(hold)

    def _start(self, *arguments: str, key: str, program: Sequence[str] = DASK) -> subprocess.Popen:
        inherited = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "TMPDIR", "LANG")
            if name in os.environ
        }
        environment = {
            "PYTHONPATH": str(_ROOT),
            **inherited,
            **ENVIRONMENT,
            "AWS_ACCESS_KEY_ID": key,
        }
        environment["DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH"] = "0"
        log = self.processes.enter_context((self.folder / f"{arguments[0]}{key}.log").open("wb"))
        process = subprocess.Popen(
            [sys.executable, *program, *arguments, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=self.folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
        self.processes.callback(process.wait)
        self.processes.callback(process.kill)
        return process


@contextmanager
def running_scheduler(folder: Path, program: Sequence[str]) -> Iterator[FakeCluster]:
    """Run a scheduler that no worker joins."""
    with ExitStack() as processes:
        cluster = FakeCluster(folder, _free_port(), processes)
        cluster.start_scheduler(program)
        yield cluster


@contextmanager
def silent_port() -> Iterator[str]:
    """Give an address where somebody listens, and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield f"tcp://127.0.0.1:{silent.getsockname()[1]}"


@contextmanager
def running_cluster(folder: Path) -> Iterator[FakeCluster]:
    """Run a scheduler, and two workers that have joined it."""
    with ExitStack() as processes:
        cluster = FakeCluster(folder, _free_port(), processes)
        for key in WORKER_KEYS:
            cluster.start_worker(key)  # they wait for the scheduler, and all start at once
        cluster.start_scheduler()
        cluster.wait_for_workers()
        yield cluster


def key_of(request) -> str:
    """Say under whose key a request came."""
    found = re.search(r"Credential=(\w+)", request.headers.get("authorization", ""))
    return found[1] if found else ""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the scheduler does not answer")
