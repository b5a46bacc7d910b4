"""The explanation graph: what a node of it says.

A trail is a directed acyclic graph of nodes, one for each conclusion, condition, definition, parameter, fact, table row,
exception, rounding, delegation or judgement that the evaluation touched. Renderings only read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Final

from minzheng_rules.problems import Place, Words


class NodeKind(str, Enum):
    """What a node of the trail is; the value is the id used in JSON."""

    CONCLUSION = "conclusion"
    """A program's answer about one subject: its eligibility, amounts and results are its children."""
    CONDITION = "condition"
    """A named rule or an item of one that is true, false or undetermined."""
    ALL = "all"
    ANY = "any"
    NOT = "not"
    COMPARISON = "comparison"
    DEFINITION = "definition"
    """A named rule that yields a quantity, a date or a named value; or a calculation inside one."""
    AMOUNT = "amount"
    ROUNDING = "rounding"
    EXCEPTION = "exception"
    """A rule that takes the place of another when its condition holds; shown when defeated as well."""
    TABLE_ROW = "table_row"
    MEMBERSHIP = "membership"
    """Whether one person or thing belongs to a named group, such as the members who count."""
    PARAMETER = "parameter"
    FACT = "fact"
    DELEGATION = "delegation"
    """A term the law leaves to another authority to fill."""
    JUDGEMENT = "judgement"
    """A finding only a person can make."""


class State(str, Enum):
    """How a node came out."""

    TRUE = "true"
    FALSE = "false"
    UNDETERMINED = "undetermined"
    VALUE = "value"
    """The node is a quantity, a date, a named value: see ``value``."""
    UNTOUCHED = "untouched"
    """The node did not matter: an exception that was overridden, a row after the one that was hit."""


# The states by themselves, for what is asked of every step: by way of the class they take CPython 3.11 as long as a call.
TRUE: Final = State.TRUE
FALSE: Final = State.FALSE
UNDETERMINED: Final = State.UNDETERMINED
VALUE: Final = State.VALUE
UNTOUCHED: Final = State.UNTOUCHED


@dataclass(frozen=True, slots=True)
class Citation:
    """One provision: instrument and article, with where its text can be recognised by."""

    instrument: str
    """The registered id, such as ``M57``."""
    article: str
    """The article as cited, such as ``7.1(2)``; empty when the whole instrument is meant."""
    title: Words
    """The instrument's title."""
    number: str = ""
    """Its document number, such as 民发〔2021〕57号."""
    since: date | None = None
    until: date | None = None

    def say(self, lang: str = "zh") -> str:
        """As it is printed: 《最低生活保障审核确认办法》第七条第一款第二项."""
        from minzheng_rules.trail.citing import cite

        return cite(self, lang)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure or a fact comes from."""

    status: str = ""
    """The status of a figure or rule text: verbatim, secondary, position, recalled, illustrative, unknown; or empty."""
    layer: str = ""
    """Which layer or overlay gave it."""
    source: str = ""
    """The source as registered or described."""
    note: str = ""
    note_en: str = ""
    """The note in English, where there is one: facts have it, rules and figures do not."""
    departments: tuple[str, ...] = ()
    """For a fact: which department or form supplies it."""
    how: str = ""
    """For a fact: ``given``, ``declared_none``, ``id_number``, ``missing``."""
    setter: tuple[str, ...] = ()
    """For a parameter or delegation: which level of government may set it."""
    layer_en: str = ""
    """The layer's name in English, where there is one."""


@dataclass(eq=False)
class Node:
    """One step of an explanation.

    ``label`` is what the step is called, ``value`` what came out as text, ``formula`` the expression as written, ``filled``
    the same with the numbers in. ``margin`` is the signed distance of a comparison from its line, as text: negative when
    below. ``decisive`` marks the steps that settle the outcome: with everything else forgotten it would be the same.
    """

    id: str
    kind: NodeKind
    label: Words
    state: State
    value: Words
    raw: object = None
    """The value in JSON form: numbers as decimal strings in yuan, dates as ISO text, bounds as {low, high}."""
    unit: Words | None = None
    formula: Words | None = None
    filled: Words | None = None
    wording: str = ""
    """The text's own word for a comparison: 低于, 以下, 以上, …"""
    margin: Words | None = None
    subject: str = ""
    """Whom it is about: the entity's id and label, in Chinese."""
    subject_en: str = ""
    """The same in English; empty where both read alike."""
    citations: tuple[Citation, ...] = ()
    place: Place | None = None
    """Where the rule stands, file and line."""
    since: date | None = None
    until: date | None = None
    origin: Origin | None = None
    reason: Words | None = None
    """Why the node is undetermined, untouched or in conflict, in a sentence."""
    decisive: bool = False
    children: Sequence[Node] = ()
    leads: Sequence[Node] | None = None
    """Which children settle this node (used when marking); ``None`` means all of them."""

    def whom(self, lang: str) -> str:
        """Whom it is about, in a language."""
        return self.subject_en or self.subject if lang == "en" else self.subject

    def with_children(self, children: Sequence[Node]) -> Node:
        """A copy with other steps below it, for a view that leaves some out."""
        said = {each.name: getattr(self, each.name) for each in fields(Node)}
        return Node(**(said | {"children": children}))

    def walk(self) -> Iterator[Node]:
        """This node and all below it, each once, parents first."""
        seen: set[Node] = set()
        stack = [self]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            yield node
            stack.extend(child for child in reversed(node.children) if child not in seen)
