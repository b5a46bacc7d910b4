"""A blank case file with every fact that may be entered, explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import cast

from minzheng_rules.case.about import ABOUT
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import FactType
from minzheng_rules.case.outline import facts_of
from minzheng_rules.case.someone import Someone
from minzheng_rules.case.units import in_unit, unit_words
from minzheng_rules.problems import Words

# Ids for the people of a template, in order of appearance.
_NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
_EXAMPLE_PLACES: dict[tuple[str, ...], str] = {("省",): "浙江省", ("市",): "海宁市"}
# With the day of it on the next line, what happened has happened.
_FOLLOWS_FROM = {"deceased": "died_on", "left": "left_on"}
_EXAMPLE_DAYS = {"birth_date": "1952-03-01", "until": "2025-12-31"}


def template(model: type[Entity], lang: str = "zh", place: str = "haining") -> str:
    """A YAML case file to fill in, in Chinese (``"zh"``) or English (``"en"``) keys.

    Lines beginning with ``##`` explain. A line beginning with ``# `` is a fact with an example value, switched off:
    remove the ``# `` to state it. What stays off stays unknown. With every fact switched on the file is a valid case.
    ``place`` is the place it names.

    >>> from minzheng_rules.case.household import Household
    >>> print(template(Household, "en").splitlines()[0])
    ## A case file: household (家庭).
    """
    return "\n".join(_Template(model, lang, place).lines()) + "\n"


@dataclass
class _Template:
    model: type[Entity]
    lang: str
    place: str
    people: list[tuple[type[Entity], str]] = field(default_factory=list)
    """Who and what is given an id: people, and things that others refer to."""

    @cached_property
    def _referred_to(self) -> frozenset[str]:
        """The kinds some fact refers to."""
        found: set[str] = set()
        models = [self.model]
        for model in models:
            for fact in facts_of(model).values():
                below = cast("type[Entity] | None", fact.model)
                if fact.shape == "ref" and fact.kind is not None:
                    found.add(fact.kind)
                if below is not None and below not in models:
                    models.append(below)
        return frozenset(found)

    def lines(self) -> Iterator[str]:
        self._name_people(self.model, (self.model,))
        yield from self._head()
        yield from self._about()
        yield ""
        yield from self._facts(self.model, "", active=True, owner="")

    def _head(self) -> Iterator[str]:
        if self.lang == "en":
            yield f"## A case file: {self.model.kind} ({self.model.term})."
            yield "## Lines with ## explain. Remove “# ” before a line to state the fact; what stays off is unknown."
            yield "## An empty list [] says: none. Amounts are in yuan with at most two decimals. No names; ID numbers"
            yield "## only as id_number, where it is checked and dropped."
        else:
            yield f"## 案件文件：{self.model.term}（{self.model.kind}）。"
            yield "## 以 ## 开头的行是说明。要填哪一项，就去掉行首的“# ”；不去掉的就是“不知道”。"
            yield "## 空列表 [] 表示“没有”。金额以元计，至多两位小数。"
            yield "## 不写姓名；身份证号只写在“身份证号”一项，核验后即丢弃。"

    def _about(self) -> Iterator[str]:
        explained = {
            "case": Words("案件种类", "the kind of case"),
            "as_of": Words("按哪一天的规定和情况决定", "the date the case is decided for"),
            "place": Words("按哪里的规定", "the place whose rules apply"),
            "title": Words("给这份案件起的名称，不写姓名", "a title for this case; no names"),
        }
        examples = {"case": self.model.kind, "as_of": "2025-06-01", "place": self.place, "title": "示例"}
        for id, words in explained.items():
            off = "# " if id == "title" else ""
            yield f"{off}{id if self.lang == 'en' else ABOUT[id]}: {examples[id]}  # {words.say(self.lang)}"

    def _name_people(self, model: type[Entity], seen: tuple[type[Entity], ...]) -> None:
        for fact in facts_of(model).values():
            below = cast("type[Entity] | None", fact.model)
            if below is None or below in seen:
                continue
            if issubclass(below, Someone) or below.kind in self._referred_to:
                self.people.append((below, _NAMES[len(self.people) % len(_NAMES)]))
            self._name_people(below, (*seen, below))

    def _facts(self, model: type[Entity], indent: str, *, active: bool, owner: str) -> Iterator[str]:
        """One line for each fact of an entity; ``active`` is whether the lines around it are switched on."""
        for fact in facts_of(model).values():
            off = not active or (fact.id not in model.always_stated)
            yield from self._fact(model, fact, indent, off=off, owner=owner)

    def _fact(self, model: type[Entity], fact: FactType, indent: str, *, off: bool, owner: str) -> Iterator[str]:
        mark = "# " if off else ""
        key = fact.id if self.lang == "en" else fact.term
        explained = self._explained(fact)
        if fact.shape not in ("list", "entity"):
            yield f"{mark}{indent}{key}: {self._example(model, fact, owner)}  # {explained}"
            return
        below = cast(type[Entity], fact.model)
        yield f"{mark}{indent}{key}:  # {explained}"
        person = next((name for kind, name in self.people if kind is below), "")
        inner = indent + "    "
        inside = list(self._facts(below, inner, active=not off, owner=person or owner))
        if person:
            label = "id" if self.lang == "en" else "编号"
            about = Words("本案中的编号，不写姓名", "an id within this case; no names").say(self.lang)
            inside.insert(0, f"{mark}{inner}{label}: {person}  # {about}")
        if fact.shape == "list":
            # The first line carries the dash of the list item.
            inside[0] = inside[0].replace(mark + inner, f"{mark}{indent}  - ", 1)
        yield from inside

    def _explained(self, fact: FactType) -> str:
        english = self.lang == "en"
        parts = [fact.term if english else ""]
        if fact.enum is not None:
            parts.append(" | ".join(choice.value if english else choice.term for choice in fact.enum))
        elif fact.shape == "bool":
            parts.append("true | false" if english else "是 | 否")
        elif fact.shape == "quantity" and fact.low is not None and fact.high is not None:
            unit = unit_words(fact.unit).say(self.lang)
            low, high = in_unit(fact.low, None).say(self.lang), in_unit(fact.high, None).say(self.lang)
            parts.append(f"{unit} {low}..{high}".strip())
        elif fact.shape == "ref":
            parts.append("an id" if english else "填编号")
        if fact.sources:
            parts.append(("source: " if english else "来源：") + ("、".join(fact.sources)))
        if fact.judgement:
            parts.append(f"judged by: {fact.judgement}" if english else f"由{fact.judgement}认定")
        if fact.note is not None:
            parts.append(fact.note.say(self.lang))
        return ("; " if english else "；").join(part for part in parts if part)

    def _example(self, model: type[Entity], fact: FactType, owner: str) -> str:
        english = self.lang == "en"
        if fact.enum is not None:
            choices = list(fact.enum)
            wanted = model.always_stated.get(fact.id)
            choice = next((c for c in choices if c.value == wanted), choices[min(1, len(choices) - 1)])
            return choice.value if english else choice.term
        match fact.shape:
            case "bool":
                happened = _FOLLOWS_FROM.get(fact.id) in facts_of(model)
                return ("true" if happened else "false") if english else ("是" if happened else "否")
            case "date":
                return _EXAMPLE_DAYS.get(fact.id, "2024-01-15")
            case "quantity":
                return "0" if not isinstance(fact.low, Fraction) or fact.low <= 0 else str(fact.low)
            case "ref":
                fitting = [
                    name for kind, name in self.people if any(b.__dict__.get("kind") == fact.kind for b in kind.__mro__)
                ]
                others = [name for name in fitting if name != owner] or fitting
                return others[0] if others else owner
        return _EXAMPLE_PLACES.get(fact.endings[:1], "……")
