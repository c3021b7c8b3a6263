"""ExifTool, started once: its start takes longer than anything that it is asked."""

import subprocess
import tempfile


class ExifTool:
    """A running ExifTool, which is given one line of arguments after the other.

    The protocol is that of ``-stay_open``, as ExifTool's own documentation has it.
    """

    def __init__(self, program: str) -> None:
        # What it complains of goes into a file: two pipes would have to be read side by side.
        self._complaints = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - until close
        self._running = subprocess.Popen(
            [program, "-stay_open", "True", "-@", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )

    def __call__(self, *arguments: object) -> str:
        """Run it with arguments, which it has to like; gives what it said."""
        words = list(map(str, arguments))
        assert not [word for word in words if "\n" in word or word[:1] in " #"], words
        self._complaints.seek(0)
        self._complaints.truncate()
        # Its own "{ready}" is left out where it is asked to be quiet; what it echoes never is.
        asked = [*words, "-echo3", "{status ${status}}", "-execute"]
        self._running.stdin.write("".join(f"{word}\n" for word in asked).encode())
        self._running.stdin.flush()
        lines = []
        while not (line := self._running.stdout.readline()).startswith(b"{status "):
            assert line, "ExifTool has ended"
            lines += [line] if line != b"{ready}\n" else []
        self._complaints.seek(0)
        assert line == b"{status 0}\n", self._complaints.read().decode()
        return b"".join(lines).decode()

    def close(self) -> None:
        """Let it end."""
        self._running.communicate(b"-stay_open\nFalse\n", timeout=60)
        self._complaints.close()
