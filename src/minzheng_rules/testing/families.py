"""Households that could be: one applicant, perhaps a spouse, children, parents; ages, schools and incomes that fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from minzheng_rules.case.enumerations import (
    DisabilityGrade,
    DisabilityType,
    JobOfferResult,
    Relation,
    Schooling,
    TransferInKind,
)
from minzheng_rules.case.vocabulary import FactType, Kind
from minzheng_rules.evaluator.possible import full_years
from minzheng_rules.testing.drawing import Data, Maker, in_steps, steps_near

_AGES: Final[dict[str, tuple[int, int]]] = {
    Relation.APPLICANT: (18, 90),
    Relation.SPOUSE: (18, 90),
    Relation.CHILD: (0, 45),
    Relation.PARENT: (40, 95),
    Relation.GRANDPARENT: (60, 105),
    Relation.GRANDCHILD: (0, 25),
    Relation.SIBLING: (0, 90),
    Relation.CHILD_IN_LAW: (18, 50),
    Relation.PARENT_IN_LAW: (40, 95),
    Relation.OTHER: (0, 90),
}
_OTHERS: Final = (
    *(Relation.CHILD,) * 4,
    *(Relation.PARENT,) * 2,
    Relation.GRANDPARENT,
    Relation.GRANDCHILD,
    Relation.SIBLING,
    Relation.CHILD_IN_LAW,
    Relation.PARENT_IN_LAW,
    Relation.OTHER,
)
_COMPOSITIONS: Final = st.lists(st.sampled_from(_OTHERS), max_size=4)
_LIVES: Final = st.sampled_from(("", "", "", "disabled", "ill", "clergy", "finds work", "refuses work"))
_CLASSES: Final = st.sampled_from(("wages", "transfers_in", "other_incomes", "businesses", "property_incomes"))
_COSTS: Final = st.sampled_from((0, 0, 10_000))
# Where people are registered and live: here, in another county of the province, in another province.
_PLACES: Final = (
    ("浙江省", "嘉兴市", "海宁市", "硖石街道"),
    ("浙江省", "杭州市", "桐庐县", "桐君街道"),
    ("安徽省", "阜阳市", "临泉县", "城关街道"),
)
_PLACE_NAMES: Final = ("province", "city", "county", "town")
_ORDINARY: Final = frozenset({"hukou_here", "lives_here", "long_term_together", "alive"})
"""Yes-or-no facts that hold of most people."""
_USUAL_TRANSFERS: Final = (TransferInKind.RETIREMENT_PAY, TransferInKind.MAINTENANCE, TransferInKind.OTHER)
_TRANSFERS: Final = st.one_of(st.sampled_from(_USUAL_TRANSFERS), st.sampled_from(list(TransferInKind)))


@dataclass
class FamilyMaker(Maker):
    """Draws households of the shipped vocabulary."""

    def root(self) -> Data:
        """A household: its members first, then what it owns, and an income that lies at a line or anywhere."""
        data = self.entity("household")
        data["members"] = self._members()
        if "financial_assets" in data:
            # Where all items are known their sum is the total, and a second statement of it could only contradict.
            data.pop("financial_assets_total", None)
        self._spread_income(data["members"])
        self.refer(data)
        return data

    def lively(self, kind: Kind, depth: int) -> set[str]:
        """As for any kind; of the household itself only a handful, and the members by themselves."""
        if kind.id == self.vocabulary.root:
            return set(self.draw(self.scene.handfuls(self.day, kind.id))) - {"members"}
        return super().lively(kind, depth)

    def always(self, kind: str, fact: FactType) -> bool:
        """Who somebody is to the applicant, and when they were born, is nearly always known."""
        return kind == "member" and fact.id in ("relation", "birth_date")

    # -- members ---------------------------------------------------------------------------------------------------------

    def _members(self) -> list[Data]:
        others = self.draw(_COMPOSITIONS)
        relations = [Relation.APPLICANT, *([Relation.SPOUSE] if self.draw(st.booleans()) else []), *others]
        named = self.draw(st.booleans())
        members = [self._member(relation) for relation in relations]
        for number, member in enumerate(members):
            if named:
                member["id"] = f"成员{number + 1}"
        return members

    def _member(self, relation: Relation) -> Data:
        self._relation = relation
        return self.entity("member", depth=1)

    def value(self, kind: str, fact: FactType, *, born: dt.date | None, depth: int) -> Any:
        """A value of a fact; relation and birth date follow from the composition of the family."""
        if kind == "member" and fact.id == "relation":
            return self._relation.value
        if kind == "member" and fact.id == "birth_date":
            return self._birth_date(kind, fact)
        return super().value(kind, fact, born=born, depth=depth)

    def plain(self, kind: str, fact: FactType, *, born: dt.date | None, depth: int) -> Any:
        """The value of a fact nobody would remark on: registered and living here, at school at the age for it."""
        if fact.shape == "bool" and fact.id in _ORDINARY:
            return True
        if fact.id == "schooling":
            return _schooling(full_years(born, self.day) if born is not None else None)
        if fact.shape == "text" and fact.id.rpartition("_")[2] in _PLACE_NAMES:
            return _PLACES[0][_PLACE_NAMES.index(fact.id.rpartition("_")[2])]
        if kind == "member" and fact.id in ("relation", "birth_date"):
            return self.value(kind, fact, born=born, depth=depth)
        return super().plain(kind, fact, born=born, depth=depth)

    def _birth_date(self, kind: str, fact: FactType) -> dt.date:
        """At a birthday some rule speaks of, a day to either side, or at any age that fits the relation."""
        relation = self._relation
        found: dt.date = self.draw(self.scene.once(lambda: self._births(kind, fact), "births", self.day, relation))
        return found

    def _births(self, kind: str, fact: FactType) -> st.SearchStrategy[dt.date]:
        youngest, oldest = _AGES[self._relation]
        first, last = self.reach(fact, None)
        near = [day for day in self._near(kind, fact, [self.day]) if first <= day <= last]
        fitting = [day for day in dict.fromkeys(near) if youngest <= full_years(day, self.day) + 1 <= oldest + 2]
        lowest = max(first, _years_before(self.day, oldest + 1))
        highest = max(lowest, min(last, _years_before(self.day, youngest)))
        anywhere = st.dates(lowest, highest)
        return st.one_of(st.sampled_from(fitting), anywhere) if fitting else anywhere

    def adjust(self, kind: str, data: Data) -> None:
        """Names of places that agree with each other, and no mode of study without a school."""
        if data.get("schooling") == Schooling.NONE.value:
            data.pop("study_mode", None)
        if kind == "member":
            self._live_a_life(data)
        if kind in ("member", "supporter"):
            self._settle_place(data, "hukou", "hukou_here")
            self._settle_place(data, "lives_in", "lives_here")

    def _live_a_life(self, data: Data) -> None:
        """Several facts that go together: somebody severely disabled and jobless, a monk, a recipient who finds work."""
        born = data.get("birth_date")
        match self.draw(_LIVES):
            case "disabled":
                grade = self.draw(st.sampled_from(list(DisabilityGrade)))
                kind = self.draw(st.sampled_from(list(DisabilityType)))
                data["disabilities"] = [{"type": kind.value, "grade": grade.value}]
                data |= {"disability_certificate": True, "able_to_work": False, "jobless": True}
            case "ill":
                data |= {"serious_illness": True, "able_to_work": False}
            case "clergy":
                data["clergy"] = True
                for name in ("months_away", "months_in_religious_site"):
                    data[name] = self._of_member(name, born)
            case "finds work":
                data |= {"is_dibao": True, "able_to_work": True, "jobless": False}
                for name in ("employment_income_increase", "employment_increase_months"):
                    data[name] = self._of_member(name, born)
            case "refuses work":
                data |= {"is_dibao": True, "able_to_work": True, "jobless": True}
                data["job_offers"] = self._of_member("job_offers", born)
                for offer in data["job_offers"]:
                    offer |= {"result": JobOfferResult.REFUSED_WITHOUT_REASON.value, "suited": True}

    def _of_member(self, name: str, born: dt.date | None) -> Any:
        return self.value("member", self.vocabulary.kinds["member"].facts[name], born=born, depth=1)

    def _settle_place(self, data: Data, prefix: str, here: str) -> None:
        names = [f"{prefix}_{name}" for name in _PLACE_NAMES]
        if data.get(here) is not False and all(data.get(name) in (None, _PLACES[0][n]) for n, name in enumerate(names)):
            return
        place = self.draw(st.sampled_from(_PLACES))
        for name, said in zip(names, place, strict=True):
            if name in data:
                data[name] = said
        if here in data:
            data[here] = place is _PLACES[0]

    # -- income ----------------------------------------------------------------------------------------------------------

    def _spread_income(self, members: list[Data]) -> None:
        """An income of the whole family at a line, just under or over it, or anywhere; earned by one or several."""
        near = self.scene.once(
            lambda: self._near_incomes(len(members)), "incomes", self.scene.segment(self.day), len(members)
        )
        far = 2 * max(near) or 1_000_000
        total = self.draw(st.one_of(st.sampled_from(near), st.sampled_from(near), st.integers(0, far)))
        for part in self._parts(total):
            if part:
                self._earn(members[self.draw(st.sampled_from(range(len(members))))], part)

    def _near_incomes(self, members: int) -> list[int]:
        wage = self.vocabulary.kinds["wage"].facts["amount"]
        lines = self.scene.landings(self.day, "wage", "amount")
        there = set(lines)
        for_all = [line for line in lines if line and line / members in there]
        return steps_near(wage, for_all or lines)

    def _parts(self, total: int) -> list[int]:
        cuts = sorted(self.draw(st.lists(st.integers(0, total), max_size=2)))
        return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]

    def _earn(self, member: Data, fen: int) -> None:
        """One more income of somebody, of some class, whose net amount is what is given."""
        wage = self.vocabulary.kinds["wage"].facts["amount"]
        net = in_steps(wage, fen)
        cost = in_steps(wage, self.draw(_COSTS))
        none = Decimal("0.00")
        match self.draw(_CLASSES):
            case "wages":
                _add(member, "wages", {"amount": net + cost, "work_cost": cost})
            case "transfers_in":
                _add(member, "transfers_in", {"type": self.draw(_TRANSFERS).value, "amount": net})
            case "other_incomes":
                _add(member, "other_incomes", {"amount": net, "described": "零工"})
            case "businesses":
                rest = {"expenses": cost, "depreciation": none, "production_tax": none}
                _add(member, "businesses", {"revenue": net + cost, **rest})
            case "property_incomes":
                _add(member, "property_incomes", {"type": "rent", "amount": net + cost, "cost": cost})


def _schooling(age: int | None) -> str:
    """The stage somebody of an age is usually at."""
    if age is None or not 3 <= age < 18:
        return Schooling.NONE.value
    if age < 6:
        return Schooling.PRESCHOOL.value
    return Schooling.COMPULSORY.value if age < 15 else Schooling.UPPER_SECONDARY.value


def _years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=max(day.year - years, 1), day=min(day.day, 28))


def _add(member: Data, name: str, item: Data) -> None:
    """One more item of a list, which is then no longer declared to be none."""
    member[name] = [*(member.get(name) or []), item]
    declared = [other for other in member.get("declared_none", ()) if other != name]
    if "declared_none" in member:
        member["declared_none"] = declared
