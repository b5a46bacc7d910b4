"""The steps of what was entered and of the figures in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minzheng_rules.evaluator.printing import value_words
from minzheng_rules.evaluator.subjects import unknown_fact
from minzheng_rules.language.types import Many, Type
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.steps import Plan, PlanAboutSomebody, Step, day_of
from minzheng_rules.trail.building.values import Later, judging, unit_said
from minzheng_rules.trail.node import UNDETERMINED, NodeKind, Origin, State
from minzheng_rules.trail.wording import DEPARTMENTS, look_up

if TYPE_CHECKING:
    from minzheng_rules.case.vocabulary import FactType
    from minzheng_rules.trail.building.plans import Plans

_NOT_GIVEN = Words("没有给出", "not given")
_TABLE_WORDS = {False: Words("按表", "as tabled"), True: Words("没有可用的表", "no table to use")}


def fact_key(fact: FactType) -> str:
    """Under what the step of a fact is kept: a rule may have the same name."""
    return "/" + fact.id


class FactPlan(PlanAboutSomebody):
    """A fact of a subject: as given, as declared none, or missing."""

    at_once = True

    def __init__(self, plans: Plans, fact: FactType, type_: Type, kind: str) -> None:
        self.names, self.fact, self.type, self.of = plans.names, fact, type_, kind
        self.judge, self.judged = judging(type_), fact.judgement is not None
        self.per = self.names.dimension(kind)
        self.label = Words(fact.term, fact.id.replace("_", " "))
        self.unit = unit_said(type_, self.per)
        self._origins: dict[str, Origin] = {}

    def id(self, step: Step) -> str:
        return f"fact/{self.fact.id}@{step.about.path or step.about.kind}"

    def given(self, step: Step) -> bool:
        """Whether the fact was entered."""
        return self.fact.id in step.about.facts

    def _value(self, step: Step) -> Any:
        facts = step.about.facts
        name = self.fact.id
        return facts[name] if name in facts else unknown_fact(self.fact, self.type, day_of(step.about))

    def state(self, step: Step) -> State:
        value = step.about.facts.get(self.fact.id)
        return UNDETERMINED if value is None else self.judge(value)

    def value(self, step: Step) -> Words:
        value = self._value(step)
        if isinstance(self.type, Many) and self.given(step):
            return Words(f"{len(value)} 项", f"{len(value)} listed") if value else Words("无", "none")
        return value_words(value, self.type, self.names, self.per)

    def raw(self, step: Step) -> object:
        return Later(self._value(step), self.type) if self.given(step) else None

    def reason(self, step: Step) -> Words | None:
        if not self.given(step):
            return _NOT_GIVEN
        if not self.judged:
            return None
        by = look_up(DEPARTMENTS, self.fact.judgement or "", "en")
        return Words(f"由{self.fact.judgement}认定", f"found by {by}")

    def origin(self, step: Step) -> Origin | None:
        entity = step.about.entity
        given = self.given(step) and not entity.declared_none and self.fact.id not in entity.origins
        how = "given" if given else entity.origin(self.fact.id)
        found = self._origins.get(how)
        if found is None:
            fact = self.fact
            found = self._origins[how] = Origin(
                how={"stated": "given", "unknown": "missing"}.get(how, how),
                departments=fact.sources if fact.judgement is None else (fact.judgement,),
                note="" if fact.note is None else fact.note.zh,
                note_en="" if fact.note is None else fact.note.en,
            )
        return found


class EnteredFactPlan(FactPlan):
    """A fact entered only a person can find."""

    kind = NodeKind.JUDGEMENT


class OpenFactPlan(FactPlan):
    """Any other fact, and one nobody has found yet."""

    kind = NodeKind.FACT


class ParameterPlan(Plan):
    """A parameter's cell: value, since when, who set it, how it is known."""

    at_once = True
    kind = NodeKind.PARAMETER

    def __init__(self, plans: Plans, name: str, keys: tuple[str, ...], id: str) -> None:
        parameter = self.parameter = plans.rules.parameters[name]
        self._id = id
        reading = plans.rules.reading(name, keys)
        figure = self.figure = reading.figure
        value = plans.compiled.cell(parameter, keys) if not parameter.is_table else reading.value
        term, english = parameter.term, name.replace("_", " ")
        if keys:
            zh = [e.say(k, "zh") for e, k in zip(parameter.indexes, keys, strict=True)]
            en = [e.say(k, "en") for e, k in zip(parameter.indexes, keys, strict=True)]
            term, english = f"{term}（{'，'.join(zh)}）", f"{english} ({', '.join(en)})"
        self.label = Words(term, english)
        self._state = judging(parameter.type)(value) if value is not None else UNDETERMINED
        self._value = (
            _TABLE_WORDS[value is None] if parameter.is_table else value_words(value, parameter.type, plans.names, None)
        )
        self._raw = None if parameter.is_table else Later(value, parameter.type)
        self.unit = unit_said(parameter.type, None)
        self.citations = plans.cited(figure.sources) if figure is not None else ()
        self.place = figure.place if figure is not None else parameter.place
        self.since = figure.since if figure is not None and figure.since.year > 1 else None
        self.until = figure.until if figure is not None else None
        self._reason = reading.reason
        layers = plans.rulebook.layers
        layer = next((layer for layer in layers if figure is not None and layer.id == figure.layer), None)
        self._layer = layer.term if layer is not None else Words("", "")

    def id(self, step: Step) -> str:
        return self._id

    def state(self, step: Step) -> State:
        return self._state

    def value(self, step: Step) -> Words:
        return self._value

    def raw(self, step: Step) -> object:
        return self._raw

    def reason(self, step: Step) -> Words | None:
        return self._reason

    def origin(self, step: Step) -> Origin | None:
        figure = self.figure
        return Origin(
            status=figure.status if figure is not None else "unknown",
            layer=self._layer.zh,
            layer_en=self._layer.en,
            source=figure.source_text if figure is not None else "",
            note=(figure.note if figure is not None else "") or self.parameter.note,
            setter=self.parameter.setters_on(day_of(step.about)),
        )
