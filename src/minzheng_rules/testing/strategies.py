"""Hypothesis strategies for cases: plausible, and close to the lines the rulebook draws.

from hypothesis import given
from minzheng_rules import Rulebook, decide
from minzheng_rules.testing import cases

book = Rulebook.load(overlays=["illustrative"])

@given(cases(book))
def test_amounts_are_never_negative(case):
    for outcome in decide(case, book).outcomes:
        assert all(amount.low >= 0 for amount in outcome.amounts.values())
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.vendor.pretty import for_type_by_name

from minzheng_rules.case.case import Case
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.household import Household
from minzheng_rules.case.kinds import KINDS
from minzheng_rules.case.outline import facts_of
from minzheng_rules.problems import CaseProblems
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.testing.drawing import Data, Draw, Maker, Scene, walk
from minzheng_rules.testing.families import FamilyMaker
from minzheng_rules.testing.other_kinds import OtherMaker

_MOST_GAPS = 8


def _print_case(case: Case, printer: Any, _cycle: bool) -> None:
    """A case in a counterexample: as text that can be pasted into a file, or read back as it is."""
    printer.text(f"Case.from_json({json.dumps(case.to_json(), ensure_ascii=False)!r})")


for_type_by_name("minzheng_rules.case.case", "Case", _print_case)


def cases(
    rulebook: Rulebook,
    *,
    complete: bool | None = None,
    as_of: dt.date | None = None,
) -> st.SearchStrategy[Case]:
    """Cases a rulebook may be asked to decide, each with its own date.

    They are drawn from the vocabulary's facts, ranges and enumerations, and from the rulebook's own lines: amounts at,
    just under and just over ``标准 × 人数``, birth dates a day to either side of an age that counts, months at their
    limits, days on which a rule or a figure changes. For the shipped vocabulary they are plausible families of one to
    six, or workers, assessments, estates, reports whose facts go together; for another one its kinds are drawn as
    declared.

    ``complete`` says whether every fact that can be stated is stated (``True``), some facts are missing (``False``), or
    either (``None``). ``as_of`` decides all of them on one day. Examples shrink towards few people and plain facts.

    >>> book = Rulebook.load(overlays=["illustrative"])
    >>> from minzheng_rules.testing import simplest
    >>> case = simplest(cases(book, complete=True, as_of=dt.date(2025, 6, 1)))
    >>> [member.relation.value for member in case.root.members]
    ['applicant']
    """
    scene = Scene.of(rulebook)
    days = scene.once(scene.days, "days") if as_of is None else st.just(as_of)
    return _cases(scene, days, complete)


def with_gaps(case: Case, rulebook: Rulebook) -> st.SearchStrategy[Case]:
    """The same case with some facts unknown: single ones, and facts that are unknown of everybody.

    Only facts that rules in force may ask for are taken away, and never what makes a case one (an applicant).
    """
    assert case.as_of is not None
    return _gaps(Scene.of(rulebook), case)


def simplest(strategy: st.SearchStrategy[Any]) -> Any:
    """The simplest example of a strategy: what a counterexample would shrink to if everything failed."""
    from hypothesis import Phase, find, settings

    quick = settings(database=None, derandomize=True, max_examples=20, phases=[Phase.generate, Phase.shrink])
    return find(strategy, lambda _: True, settings=quick)


_DERIVED: Final = (
    "status_from_recognitions",
    "certificate_end_printed",
    "in_household",
    "father_unidentified",
    "mother_unidentified",
)
"""Facts that follow from others where they are not stated: taken away, they could come back as something else."""
_OPEN_ENDED: Final = (("recognition", "until"), ("benefit", "until"))
"""Last days whose absence is a statement: in force until further notice."""


@st.composite
def _cases(draw: Draw, scene: Scene, days: st.SearchStrategy[dt.date], complete: bool | None) -> Case:
    day = draw(days)
    kinds = {True: ("whole",), False: ("gaps", "sparse"), None: ("whole", "gaps", "sparse")}[complete]
    kind = draw(st.sampled_from(kinds))
    maker = _maker_of(scene)(draw, scene, day, sparse=kind == "sparse", declares=draw(st.booleans()))
    data = maker.root()
    if kind == "gaps":
        _leave_out(draw, scene, day, data, least=1)
    return _made(scene, day, data)


@st.composite
def _gaps(draw: Draw, scene: Scene, case: Case) -> Case:
    assert case.as_of is not None
    data = plain_data(case.root)
    _leave_out(draw, scene, case.as_of, data, least=1)
    return _made(scene, case.as_of, data)


def plain_data(entity: Entity) -> Data:
    """An entity in plain Python terms, as it could be entered again: unknown facts left out."""
    data: Data = {}
    for name in type(entity).model_fields:
        value = getattr(entity, name, None)
        if value is None or name in ("origins", "id_number"):
            continue
        fact = facts_of(type(entity)).get(name)
        if fact is not None and fact.shape == "list":
            data[name] = [plain_data(item) for item in value]
        elif fact is not None and fact.shape == "entity":
            data[name] = plain_data(value)
        elif name == "findings":
            data[name] = dict(value)
        else:
            data[name] = list(value) if name == "declared_none" else value
    return data


def _leave_out(draw: Draw, scene: Scene, day: dt.date, data: Data, least: int) -> None:
    """Take away single facts and findings, and facts of everybody."""
    there: list[tuple[Data, str]] = []
    for item in walk(scene.vocabulary, data):
        there += [(item.data, name) for name in scene.read(day, item.kind) if _can_go(item.kind, item.data, name)]
        there += [(item.data, f"findings.{name}") for name in item.data.get("findings", ())]
    if not there:
        return
    names = list(dict.fromkeys(name for _, name in there))
    everywhere = set(draw(st.lists(st.sampled_from(names), max_size=3)))
    most = min(_MOST_GAPS, len(there))
    gone = draw(st.sets(st.integers(0, len(there) - 1), min_size=min(least, most), max_size=most))
    for number, (facts, name) in enumerate(there):
        if number in gone or name in everywhere:
            _take_away(facts, name)


def _can_go(kind: str, data: Data, name: str) -> bool:
    known = data.get(name) is not None or name in data.get("declared_none", ())
    essential = (kind == "household" and name == "members") or (name == "relation" and data.get(name) == "applicant")
    return known and not essential and name not in _DERIVED and (kind, name) not in _OPEN_ENDED


def _take_away(facts: Data, name: str) -> None:
    if name.startswith("findings."):
        facts["findings"] = {k: v for k, v in facts["findings"].items() if k != name.removeprefix("findings.")}
        return
    facts.pop(name, None)
    if name in facts.get("declared_none", ()):
        facts["declared_none"] = [other for other in facts["declared_none"] if other != name]


def _maker_of(scene: Scene) -> type[Maker]:
    """What draws the cases of a vocabulary: the shipped kinds have makers that know what goes together."""
    model = scene.vocabulary.kinds[scene.vocabulary.root].model
    if issubclass(model, Household):
        return FamilyMaker
    return OtherMaker if any(issubclass(model, kind.load()) for kind in KINDS.values()) else Maker


def _made(scene: Scene, day: dt.date, data: Data) -> Case:
    model = scene.vocabulary.kinds[scene.vocabulary.root].model
    try:
        return Case.of(model(**data), as_of=day)
    except CaseProblems:
        # A model may check more than its declarations tell. What it refuses is no case.
        reject()
