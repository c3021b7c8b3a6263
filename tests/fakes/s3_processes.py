"""S3 servers in processes of their own, on loopback, behind a proxy that keeps their signatures."""

import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import boto3
from botocore.config import Config

from fakes.s3_credentials import KEY, SECRET
from fakes.s3_servers import BUCKETS, Stored

_PATIENCE = 90  # seconds until a server has to answer
_TRIES = 5  # to start Ceph's store
_BLOCK = 1 << 16
_WHOLE = 1 << 20  # bytes; longer answers are passed on as they come
_OF_ONE_CONNECTION = ("connection", "expect", "keep-alive", "transfer-encoding")

RCLONE_LACKS = {
    "versions": "rclone keeps an object as it is now, and nothing of what it was",
    "keys that lead out": "rclone makes files of keys, and refuses those with dots for folders",
    "copy etag": "rclone does not tell the ETag of a copy onto itself: it is asked for each",
    "multipart etag": "rclone gives the plain MD5 of an object that came in parts",
    "unfinished uploads": "rclone lists no uploads that were not completed",
    "administration": "rclone takes a question about a bucket for another request",
    "access control": "rclone has one key, which may do everything",
    "any key": "rclone knows one key, and the workers of the cluster here have one each",
    "conditions": "rclone stores an object whatever was to be there",
}
RADOSGW_LACKS = {
    "a NUL in a key": "radosgw refuses to store such a thing",
    "administration": "radosgw has a part of a bucket's settings, and no CDN",
    "access control": "radosgw's policies are not AWS's; IAM mode tries them",
    "any key": "radosgw knows one key, and the workers of the cluster here have one each",
}
_CEPH = """\
[global]
fsid = {fsid}
mon host = [v1:127.0.0.1:{port}/0]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = {memory}
mon allow pool size one = true
mon data avail crit = 0
run dir = {folder}
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
admin socket =
mon data = {folder}/mon
osd data = {folder}/osd
"""


class Remote:
    """A server on a port, with an administrator's connection to look into it."""

    def __init__(self, port: int, lacks: Mapping[str, str]) -> None:
        self.port = port
        self.lacks = lacks
        self._client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def answer(self, environ, start):
        """Pass a request on as it is, Host and raw path included: both are signed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with ExitStack() as stack:
            stack.callback(connection.close)  # also when the one who asks is killed meanwhile
            answer = self._asked(connection, environ)
            headers = [
                pair for pair in answer.getheaders() if pair[0].lower() not in _OF_ONE_CONNECTION
            ]
            length = int(answer.getheader("Content-Length") or 0)
            head_only = environ["REQUEST_METHOD"] == "HEAD"
            if not head_only and length > _WHOLE:
                start(f"{answer.status} {answer.reason}", headers)
                return _Streamed(answer, stack.pop_all())
            body = answer.read()
        if not head_only and not length:
            headers = [pair for pair in headers if pair[0].lower() != "content-length"]
            headers.append(("Content-Length", str(len(body))))
        start(f"{answer.status} {answer.reason}", headers)
        return [body]

    @staticmethod
    def _asked(connection: HTTPConnection, environ) -> HTTPResponse:
        connection.putrequest(
            environ["REQUEST_METHOD"], environ["RAW_URI"], skip_host=True, skip_accept_encoding=True
        )
        for name, value in _headers(environ):
            connection.putheader(name, value)
        connection.endheaders()
        left = int(environ.get("CONTENT_LENGTH") or 0)
        while left and (block := environ["wsgi.input"].read(min(_BLOCK, left))):
            connection.send(block)
            left -= len(block)
        return connection.getresponse()

    def begin(self) -> None:
        there = {bucket["Name"] for bucket in self._client.list_buckets()["Buckets"]}
        for bucket in BUCKETS:
            if bucket in there:
                self._empty(bucket)
                if not self._is_versioned(bucket):
                    continue
                self._client.delete_bucket(Bucket=bucket)  # it could only be suspended
            self._client.create_bucket(Bucket=bucket)

    def put(self, bucket: str, key: str, body: bytes) -> None:
        self._client.put_object(Bucket=bucket, Key=key, Body=body)

    def remove(self, bucket: str, key: str) -> None:
        self._client.delete_object(Bucket=bucket, Key=key)

    def objects(self, bucket: str, *, ours: bool) -> dict[str, Stored]:
        keys = [key for key in self._keys(bucket) if ours or ".pelican-photos/" not in key]
        with ThreadPoolExecutor(4) as pool:
            return dict(pool.map(lambda key: (key, self._stored(bucket, key)), keys))

    def unfinished(self, bucket: str) -> list[str]:
        uploads = self._client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
        return [upload["UploadId"] for upload in uploads]

    def keep_versions(self, bucket: str) -> None:
        self._client.put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
        )

    def versions(self, bucket: str) -> dict[str, list[bytes | None]]:
        found: dict[str, list[bytes | None]] = {}
        for entry in self._history(bucket):
            body = self._body(bucket, entry) if "Size" in entry else None
            found.setdefault(entry["Key"], []).append(body)
        return found

    def lose_history(self, bucket: str, key: str) -> None:
        for entry in self._history(bucket):
            if entry["Key"] == key and not entry["IsLatest"]:
                self._destroy(bucket, entry)

    def _history(self, bucket: str) -> list[dict]:
        """List all versions and delete markers, the oldest first."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=bucket)
        kinds = ("Versions", "DeleteMarkers")
        found = [entry for page in pages for kind in kinds for entry in page.get(kind, [])]
        return sorted(found, key=lambda entry: (entry["IsLatest"], entry["LastModified"]))

    def _body(self, bucket: str, entry: dict) -> bytes:
        which = {"Key": entry["Key"], "VersionId": entry["VersionId"]}
        return self._client.get_object(Bucket=bucket, **which)["Body"].read()

    def _destroy(self, bucket: str, entry: dict) -> None:
        self._client.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])

    def _is_versioned(self, bucket: str) -> bool:
        if "versions" in self.lacks:
            return False
        return "Status" in self._client.get_bucket_versioning(Bucket=bucket)

    def _keys(self, bucket: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def _stored(self, bucket: str, key: str) -> Stored:
        answer = self._client.get_object(Bucket=bucket, Key=key)
        return Stored(
            answer["Body"].read(),
            answer["ETag"].strip('"'),
            answer.get("ContentType", ""),
            answer.get("CacheControl", ""),
        )

    def _empty(self, bucket: str) -> None:
        if "versions" in self.lacks:
            for key in self._keys(bucket):
                self.remove(bucket, key)
        else:
            for entry in self._history(bucket):
                self._destroy(bucket, entry)
        if "unfinished uploads" in self.lacks:
            return
        for upload in self._client.list_multipart_uploads(Bucket=bucket).get("Uploads", []):
            self._client.abort_multipart_upload(
                Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            )


class _Streamed:
    """An answer block by block; its connection ends with it, or when nobody wants the rest."""

    def __init__(self, answer: HTTPResponse, connection: ExitStack) -> None:
        self._answer, self._connection = answer, connection

    def __iter__(self) -> Iterator[bytes]:
        with closing(self):
            while block := self._answer.read(_BLOCK):
                yield block

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


@contextmanager
def rclone(folder: Path) -> Iterator[Remote]:
    """Run ``rclone serve s3`` over a folder."""
    port = _free_port()
    (folder / "buckets").mkdir(parents=True)
    command = ["rclone", "serve", "s3", "--config", "/dev/null", "--auth-key", f"{KEY},{SECRET}"]
    with _running(
        [*command, "--addr", f"127.0.0.1:{port}", str(folder / "buckets")], folder / "rclone.out"
    ) as alive:
        _wait_for(port, alive, folder)
        yield Remote(port, RCLONE_LACKS)


@contextmanager
def radosgw(folder: Path, memory: int = 1 << 30) -> Iterator[Remote]:
    """Run Ceph's S3 gateway, with one monitor and one store in memory."""
    port, gate, store = _free_port(), _free_port(), str(uuid.uuid4())
    cluster = str(uuid.uuid4())
    conf = folder / "ceph.conf"
    for name in ("mon", "osd"):
        (folder / name).mkdir(parents=True)
    conf.write_text(_CEPH.format(fsid=cluster, port=port, folder=folder, memory=memory))
    monitors = ["--create", "--addv", "a", f"[v1:127.0.0.1:{port}/0]", "--fsid", cluster]
    _run("monmaptool", *monitors, str(folder / "monmap"))
    _run("ceph-mon", "-c", str(conf), "--mkfs", "-i", "a", "--monmap", str(folder / "monmap"))
    with ExitStack() as stack:

        def begin(*command: str) -> Callable[[], bool]:
            out = folder / f"{command[0]}.out"
            return stack.enter_context(_running([*command, "-f", "-c", str(conf)], out))

        begin("ceph-mon", "-i", "a")
        _run("ceph", "-c", str(conf), "--connect-timeout", "30", "osd", "create", store)
        _run("ceph-osd", "-c", str(conf), "--mkfs", "-i", "0", "--osd-uuid", store)
        # Hurried, it may speak to its monitor too early, is told "wrong fsid", and ends.
        tries = (begin("ceph-osd", "-i", "0") for _ in range(_TRIES))
        if not any(_comes(lambda: _is_active(folder / "osd.0.log"), alive) for alive in tries):
            raise AssertionError("\n".join(["the store does not start", *_outputs(folder)]))
        # Without it small answers are held back for 40 ms, and a bench would measure that.
        front = f"beast endpoint=127.0.0.1:{gate} tcp_nodelay=1"
        alive = begin("radosgw", "-n", "client.rgw", "--rgw-frontends", front)
        _wait_for(gate, alive, folder)
        user = ["--uid", "publisher", "--display-name", "p", "--access-key", KEY]
        _run("radosgw-admin", "-c", str(conf), "user", "create", *user, "--secret-key", SECRET)
        yield Remote(gate, RADOSGW_LACKS)


def _headers(environ) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            header = name[5:].replace("_", "-").lower()
            if header not in _OF_ONE_CONNECTION:
                yield header, value
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            yield name.replace("_", "-").lower(), environ[name]


@contextmanager
def _running(command: list[str], out: Path) -> Iterator[Callable[[], bool]]:
    """Run a program until the end, and surely end it; gives a question whether it still runs."""
    # Where it can be had, the program also ends when this process is killed.
    bound = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    with out.open("wb") as log:
        process = subprocess.Popen([*bound, *command], stdout=log, stderr=log)
    try:
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stderr or done.stdout}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port: int, alive: Callable[[], bool], folder: Path) -> None:
    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    if not _comes(answers, alive):
        raise AssertionError("\n".join([f"nothing answers on port {port}", *_outputs(folder)]))


def _comes(there: Callable[[], bool], alive: Callable[[], bool]) -> bool:
    """Wait for something as long as the program runs, and say whether it came."""
    end = time.monotonic() + _PATIENCE
    while alive() and time.monotonic() < end:
        if there():
            return True
        time.sleep(0.1)
    return False


def _is_active(log: Path) -> bool:
    return log.exists() and "booting -> active" in log.read_text()


def _outputs(folder: Path) -> list[str]:
    """Give the last that each program said."""
    return [f"{out.name}: {out.read_text()[-1000:]}" for out in sorted(folder.glob("*.out"))]
