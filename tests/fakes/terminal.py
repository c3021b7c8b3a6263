"""Somebody at a terminal, who reads what a task asks and types answers."""

import os

import pexpect

from fakes.adding import COMMAND

PATIENCE = 60  # seconds


class Terminal:
    """Somebody at a terminal of 100 columns who runs the command."""

    def __init__(self, site, *words, colours="truecolor", task="add"):
        environment = {
            **os.environ,
            "TERM": "xterm-256color" if colours else "dumb",
            "COLORTERM": colours,
        }
        self.child = pexpect.spawn(
            COMMAND[0],
            [*COMMAND[1:-1], task, *map(str, words)],
            cwd=str(site.root),
            env=environment,
            dimensions=(50, 100),
            timeout=PATIENCE,
            encoding="utf-8",
        )
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.close(force=True)

    def answers(self, prompt, line):
        """Wait for a question, and type a line."""
        self.waits_for(prompt)
        self.child.sendline(line)

    def waits_for(self, prompt):
        self.child.expect(prompt)
        self.seen += self.child.before + self.child.after

    def enters(self, *prompts):
        for prompt in prompts:
            self.answers(prompt, "")

    def ends(self):
        """Wait for the end; give the status."""
        self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        self.child.close()
        return self.child.exitstatus
