"""A printed plan, made into functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

from minzheng_rules.population.kernel import support
from minzheng_rules.population.kernel.printing import Printed
from minzheng_rules.population.lowering.lowering import RuleAt
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.population.lowering.profile import Figures
from minzheng_rules.population.lowering.programs import PlannedProgram, PlannedTally

_HELPERS = ("totals", "counts", "some", "fetched", "wide", "truths", "joined")


@dataclass(frozen=True, eq=False)
class Compiled:
    """Rules compiled for one profile: what comes out, the source, and the functions made of it."""

    programs: tuple[PlannedProgram, ...]
    printed: Printed
    figures: Figures
    """The form in which figures are handed in."""
    texts: tuple[str, ...]
    prepare: Any
    block: Any
    varied: Any
    """``None`` where nothing varies."""
    parents: frozenset[str]
    """The tables whose rows above are asked for."""
    starts: frozenset[str]
    """The tables of which is asked where each row's items begin."""
    place: Mapping[int, int]
    """By node: its place among the outputs, those that vary last."""
    settling: tuple[tuple[RuleAt, Node], ...] = ()
    """Where figures stand for everything between two values: for which rows each rule is settled."""
    tallies: tuple[PlannedTally, ...] = ()
    """Where only that is asked: what is counted and added up."""


def compiled(
    printed: Printed,
    programs: tuple[PlannedProgram, ...],
    figures: Figures,
    texts: tuple[str, ...],
    title: str,
    settling: tuple[tuple[RuleAt, Node], ...] = (),
    tallies: tuple[PlannedTally, ...] = (),
) -> Compiled:
    """The functions of a printed plan. The source is made here, of nothing but the plan."""
    code: CodeType = compile(printed.source, f"<{title}>", "exec")
    room: dict[str, Any] = {"np": np, **{name: getattr(support, name) for name in _HELPERS}}
    if "PACKED" in printed.source or "MONTH_" in printed.source:
        room["PACKED"], room["MONTH_STARTS"], room["MONTH_LENGTHS"] = support.calendar()
    exec(code, room)
    return Compiled(
        programs,
        printed,
        figures,
        texts,
        room["prepare"],
        room["block"],
        room.get("varied"),
        frozenset(re.findall(r"parents\['([^']*)'\]", printed.source)),
        frozenset(re.findall(r"starts\['([^']*)'\]", printed.source)),
        {node.number: place for place, node in enumerate((*printed.outputs, *printed.varied))},
        settling,
        tallies,
    )
