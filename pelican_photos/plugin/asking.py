"""What a template of the site's asks for where a page gets less than there is.  Pure.

Where it stands in place of one of ours, it may say what ours says, in the same place: a copy of
ours with a change in it is the usual way to change a page.  What is taken from there under another
name may be used as ours uses it, and no further.  Where that cannot be told, it is asked too much.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from jinja2 import nodes

# Of these a page gets less than there is: a template of the site's may ask for the rest.
_NARROWED_NAMES = frozenset({"articles", "gallery", "listing", "page", "pages", "sheet"})
_NARROWED_PARTS = frozenset({"file", "listing"})
_OF_THE_MOMENT = frozenset({"now", "today", "utcnow"})  # which every date can be asked for
_REFUSED_PARTS = _NARROWED_PARTS | _OF_THE_MOMENT
_SAME_EVERYWHERE = frozenset({"path", "url"})  # of the gallery
_ENCLOSING = nodes.For | nodes.Macro | nodes.CallBlock | nodes.With
_BODIES = ("body", "else_", "elif_")
_NAMING = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.Macro)


def asked_beyond(theirs: nodes.Template, ours: nodes.Template | None) -> list[str]:
    """List what a template asks for where it may not get all of it, or another thing each time.

    ``ours`` is the one that it stands in place of, if there is such a one.
    """
    said, known = _Said(theirs), _Said(ours or nodes.Template([]))
    if said.calls_otherwise(known):
        return ["what our macro of that name calls otherwise"]
    if said.hands_on(known):
        return ["what a template that it brings may ask for"]
    same = frozenset() if said.names_otherwise(known) else known.texts
    beyond = [each for each in said.narrowed if each.text not in same]
    refused = [word for each in beyond for word in each.refused]
    return refused or sorted(name for each in beyond for name in each.names)


@dataclass(frozen=True, kw_only=True)
class _Saying:
    """One thing that a template says: what is shown, asked, named or imported, and where."""

    node: nodes.Node  # the statement; of what is shown, the expression
    place: str  # the conditions, loops and macros around it
    head: str  # the statement without what is inside of it
    parts: nodes.Output  # the expressions in the head

    @property
    def text(self) -> str:
        return f"{self.place} {self.head}"

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.parts.find_all(nodes.Name))

    @cached_property
    def refused(self) -> tuple[str, ...]:
        return tuple(_refused_in(self.parts))

    @cached_property
    def given(self) -> frozenset[str]:
        """The names that it gives to what it asks for."""
        stored = (each.name for each in self.parts.find_all(nodes.Name) if each.ctx == "store")
        spaces = (each.name for each in self.parts.find_all(nodes.NSRef))
        loop = ("loop",) if isinstance(self.node, nodes.For) else ()
        return frozenset((*stored, *spaces, *loop))

    @property
    def brings(self) -> bool:
        """Whether another template is given the names that are known here."""
        if isinstance(self.node, nodes.Block):
            return True
        kinds = nodes.Include | nodes.Import | nodes.FromImport
        return isinstance(self.node, kinds) and self.node.with_context

    def is_seen_by(self, other: "_Saying") -> bool:
        """Whether the names that another thing gives are known here."""
        return not isinstance(other.node, _ENCLOSING) or self.place.startswith(other.text)

    @cached_property
    def named(self) -> frozenset[str]:
        """The names that it changes for what follows."""
        if isinstance(self.node, nodes.Macro):
            return frozenset({self.node.name})
        if isinstance(self.node, nodes.Import):
            return frozenset({self.node.target})
        if isinstance(self.node, nodes.FromImport):
            names = self.node.names
            return frozenset(each if isinstance(each, str) else each[1] for each in names)
        return self.given if isinstance(self.node, _NAMING) else frozenset()


class _Said:
    """Everything that one template says."""

    def __init__(self, tree: nodes.Template) -> None:
        self.all = tuple(_sayings(tree, ""))

    @cached_property
    def narrowed(self) -> tuple[_Saying, ...]:
        """What may get less than there is, by its own name or by one that was given to it."""
        found = [each for each in self.all if each.refused]
        while True:
            given = frozenset[str]().union(*(each.given for each in found))
            more = [each for each in self.all if each.refused or given & each.names]
            if len(more) == len(found):
                return tuple(found)
            found = more

    @cached_property
    def texts(self) -> frozenset[str]:
        return frozenset(each.text for each in self.all)

    def names_otherwise(self, known: "_Said") -> bool:
        """Whether a name means another thing that stands beside what is narrowed in ``known``."""
        beside = frozenset[str]().union(*(each.names for each in known.narrowed))
        if not self.narrowed:
            return False
        return any(each.named & beside and each.text not in known.texts for each in self.all)

    def hands_on(self, known: "_Said") -> bool:
        """Whether another template than in ``known`` sees names that were given to the narrowed.

        Those of a loop or a macro are seen inside of it; others, wherever it may be.
        """
        given = [each for each in self.narrowed if each.given - _NARROWED_NAMES]
        return any(
            each.brings and each.text not in known.texts and any(map(each.is_seen_by, given))
            for each in self.all
        )

    def calls_otherwise(self, known: "_Said") -> bool:
        """Whether a macro that ``known`` gives what is narrowed calls that by another name."""
        given = {
            each.node.name: each.head
            for each in known.all
            if isinstance(each.node, nodes.Macro) and each.refused
        }
        mine = [each for each in self.all if isinstance(each.node, nodes.Macro)]
        return any(given.get(name, each.head) != each.head for each in mine for name in each.named)


def _sayings(node: nodes.Node, place: str) -> Iterator[_Saying]:
    """Yield what a node says, and what is inside of it."""
    if isinstance(node, nodes.Output):
        for shown in node.nodes:
            if not isinstance(shown, nodes.TemplateData):
                parts = nodes.Output([shown])
                yield _Saying(node=shown, place=place, head=repr(shown), parts=parts)
        return
    head = repr((type(node).__name__, *node.iter_fields(exclude=_BODIES)))
    if isinstance(node, nodes.Block) and node.scoped:
        yield _Saying(node=node, place=place, head=head, parts=nodes.Output([]))
    if not isinstance(node, nodes.Template | nodes.Block):
        inside = nodes.Output([*node.iter_child_nodes(exclude=_BODIES)])
        yield _Saying(node=node, place=place, head=head, parts=inside)
        place = f"{place} {head}"
    for field in _BODIES:
        for each in node.iter_child_nodes(only=(field,)):
            yield from _sayings(each, f"{place} {field}" if field != "body" else place)


def _refused_in(tree: nodes.Node) -> Iterator[str]:
    parts = list(tree.find_all(nodes.Getattr))
    same = {id(each.node) for each in parts if each.attr in _SAME_EVERYWHERE}
    for each in tree.find_all(nodes.Name):
        if each.name in _NARROWED_NAMES and not (each.name == "gallery" and id(each) in same):
            yield each.name
    yield from (each.attr for each in parts if each.attr in _REFUSED_PARTS)
    # Also as entry["file"], or map(attribute="file").
    texts = (each.value for each in tree.find_all(nodes.Const) if isinstance(each.value, str))
    yield from (text for text in texts if not _REFUSED_PARTS.isdisjoint(text.split(".")))
