"""Tasks that take several files at their end, as ``add FILE…`` does.

Invoke has no such argument: a positional one takes one value, and what follows is the next task.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from invoke import Argument, Task


class TaskOfSeveral(Task[Any]):
    """Declares its first positional argument as often as the command line has values for it.

    The task gets them as one list.  No other task can follow it on the command line.
    """

    def get_arguments(
        self,
        ignore_unknown_help: bool | None = None,  # noqa: FBT001 - Invoke's signature
    ) -> list[Argument]:
        """Give Invoke's arguments, and those that it cannot have of itself."""
        arguments: list[Argument] = super().get_arguments(ignore_unknown_help)
        first = next(argument for argument in arguments if argument.positional)
        count = sum(1 for _ in values_in(_behind(self.name, sys.argv), arguments))
        more = (f"{first.name}-{number}" for number in range(2, count + 1))
        return [*arguments, *(Argument(names=(name,), positional=True) for name in more)]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task, with its values as one list."""
        arguments = super().get_arguments()
        first = next(str(argument.name) for argument in arguments if argument.positional)
        more = [name for name in kwargs if name.startswith(f"{first}-")]
        kwargs[first] = [kwargs[first], *(kwargs.pop(name) for name in more)]
        return super().__call__(*args, **kwargs)


def values_in(words: Sequence[str], arguments: Sequence[Argument]) -> Iterator[str]:
    """Yield the words of a command line that are neither options nor their values."""
    takes_value = {
        f"--{name}" if len(name) > 1 else f"-{name}": argument.takes_value
        for argument in arguments
        for name in argument.names
    }
    waiting = False
    for word in words:
        if waiting:
            waiting = False
        elif word == "--":
            return
        elif word.startswith("-") and word != "-":
            waiting = takes_value.get(word, False)
        else:
            yield word


def _behind(name: str, words: Sequence[str]) -> Sequence[str]:
    return words[words.index(name, 1) + 1 :] if name in words[1:] else ()
