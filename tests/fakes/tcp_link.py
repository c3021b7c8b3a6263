"""A way to a port on loopback that can be cut, as a network's is now and then."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 1 << 16  # bytes


class Link:
    """Passes on what comes to ``port``, in both directions."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._ends: list[socket.socket] = []  # of all that is connected
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection off; new ones are let through."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):  # it has ended by itself
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                threading.Thread(target=_connect, args=[near, far], daemon=True).start()


def _connect(near: socket.socket, far: socket.socket) -> None:
    with near, far:
        back = threading.Thread(target=_pass_on, args=[far, near], daemon=True)
        back.start()
        _pass_on(near, far)
        back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # cut
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def linked_to(port: int) -> Iterator[Link]:
    """Lay a link to a port."""
    link = Link(port)
    try:
        yield link
    finally:
        link.close()
