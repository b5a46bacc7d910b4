"""The vocabulary as rules see it."""

from __future__ import annotations

import datetime as dt
import keyword
import subprocess
import sys
import time
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.enumerations import Relation
from minzheng_rules.case.household import Household, Member
from minzheng_rules.case.quantities import Money, Rate, Whole
from minzheng_rules.case.schema import case_schema
from minzheng_rules.case.vocabulary import describe, enumeration_of, fact, fact_info, facts_of
from minzheng_rules.problems import CaseProblems

HOUSEHOLD = describe(Household)


def test_kinds() -> None:
    member = HOUSEHOLD.kinds["member"]
    assert HOUSEHOLD.root == "household"
    assert (member.term, member.bases) == ("成员", ("person",))
    assert HOUSEHOLD.kinds["person"].term == "人"
    assert HOUSEHOLD.kinds["household"].bases == ()
    assert set(HOUSEHOLD.kinds["person"].facts) < set(member.facts)
    assert "id_number" not in member.facts
    assert "declared_none" not in member.facts


def test_facts() -> None:
    facts = HOUSEHOLD.kinds["member"].facts
    amount = HOUSEHOLD.kinds["wage"].facts["amount"]
    assert (amount.shape, amount.unit, amount.low, amount.high) == ("quantity", "yuan/month", 0, Fraction(1_000_000))
    assert (amount.whole, amount.places) == (False, 2)
    assert (facts["months_away"].whole, facts["months_away"].unit) == (True, "month")
    assert (facts["birth_date"].shape, facts["birth_date"].low) == ("date", dt.date(1900, 1, 1))
    assert (facts["relation"].shape, facts["relation"].enum) == ("enum", Relation)
    assert (facts["wages"].shape, facts["wages"].kind) == ("list", "wage")
    assert (facts["guardian"].shape, facts["guardian"].kind) == ("ref", "person")
    assert (facts["in_prison"].shape, facts["hukou_town"].shape) == ("bool", "text")
    assert facts["long_term_together"].judgement == "乡镇（街道）"
    assert facts["birth_date"].sources == ("公安",)


def test_enumerations() -> None:
    relation = HOUSEHOLD.enums["relation"]
    assert relation.term == "与申请人关系"
    assert relation.values[:2] == (("applicant", "本人"), ("spouse", "配偶"))
    assert relation.choice is Relation


def test_terms_are_identifiers_and_mean_one_thing() -> None:
    """A term that NFKC would change, or that two facts of one kind share, could not be written in a rule."""
    for kind in HOUSEHOLD.kinds.values():
        terms = [kind.term, *(one.term for one in kind.facts.values())]
        ids = [kind.id, *kind.facts]
        assert len(set(terms)) == len(terms)
        for word in [*terms, *ids]:
            assert word.isidentifier()
            assert not keyword.iskeyword(word)
            assert unicodedata.normalize("NFKC", word) == word
    for named in HOUSEHOLD.enums.values():
        for index in (0, 1):
            words = [value[index] for value in named.values]
            assert len(set(words)) == len(words)
            assert all(word.isidentifier() and unicodedata.normalize("NFKC", word) == word for word in words)


def test_a_fact_does_not_hide_one_of_what_it_belongs_to() -> None:
    """Names are looked up from an item to its owner; a term of a person's must not stand for another in an item."""
    owners = [HOUSEHOLD.kinds[name] for name in ("household", "member", "supporter")]
    owned = {one.term for owner in owners for one in owner.facts.values()}
    items = [kind for kind in HOUSEHOLD.kinds.values() if kind not in owners and kind.id != "person"]
    hidden = {one.term for item in items for one in item.facts.values()} & owned
    assert not hidden
    assert not {kind.term for kind in HOUSEHOLD.kinds.values()} & owned


def test_every_quantity_has_a_unit_a_range_and_every_fact_a_source() -> None:
    for kind in HOUSEHOLD.kinds.values():
        for one in kind.facts.values():
            if one.shape == "quantity":
                assert one.unit
                assert one.low is not None
                assert one.high is not None
            assert one.sources, (kind.id, one.id)


@enumeration("colour", "颜色")
class Colour(Choice):
    """An invented enumeration."""

    RED = "red", "红"
    LIGHT_BLUE = "light_blue", "浅蓝"


class CareLevel(Choice):
    """Without names of its own."""

    FIRST = "first", "一级"


class Animal(Entity):
    """A base kind."""

    kind: ClassVar[str] = "animal"
    term: ClassVar[str] = "动物"

    born: dt.date | None = fact("生日")


class Cow(Animal):
    """A kind with bare types, the way callers write them."""

    kind: ClassVar[str] = "cow"
    term: ClassVar[str] = "牛"

    colour: Colour | None = fact("毛色")
    level: CareLevel | None = fact("等级")
    value: Decimal | None = fact("估价", unit="yuan", range=(0, "99999.99"))
    share: Rate | None = fact("份额", unit="1", range=(0, 1))
    calves: int | None = fact("头数", unit="1", range=(0, 20))
    sold: bool | None = fact("已售")


class Farm(Entity):
    """A root with a list and a single entity; one field is no fact."""

    kind: ClassVar[str] = "farm"
    term: ClassVar[str] = "农场"

    cows: list[Cow] | None = fact("牛群")
    best: Cow | None = fact("头牛")
    remark: str = ""


def test_callers_own_models() -> None:
    farm = describe(Farm)
    assert list(farm.kinds) == ["farm", "cow", "animal"]
    assert farm.kinds["cow"].bases == ("animal",)
    assert (farm.kinds["farm"].facts["cows"].shape, farm.kinds["farm"].facts["best"].shape) == ("list", "entity")
    assert "remark" not in farm.kinds["farm"].facts
    assert farm.kinds["cow"].facts["value"].high == Fraction(9999999, 100)
    assert (farm.enums["colour"].term, farm.enums["care_level"].term) == ("颜色", "care_level")
    assert enumeration_of(Colour).values == (("red", "红"), ("light_blue", "浅蓝"))
    cow = Farm(牛群=[{"毛色": "浅蓝", "估价": "12.5", "份额": "0.333333", "头数": "2", "已售": "是"}]).cows[0]  # type: ignore[index]
    assert (cow.colour, cow.value, cow.share) == (Colour.LIGHT_BLUE, Decimal("12.50"), Decimal("0.333333"))
    assert (cow.calves, cow.sold) == (2, True)


def test_a_list_that_cannot_be_empty() -> None:
    class Herd(Entity):
        kind: ClassVar[str] = "herd"
        term: ClassVar[str] = "牛群"

        cows: tuple[Cow, ...] | None = fact("成员牛", at_least=1)

    assert describe(Herd).kinds["herd"].facts["cows"].at_least == 1
    assert case_schema(Herd)["properties"]["cows"]["minItems"] == 1
    assert Case.parse({"cows": None}, Herd).root == Herd()
    with pytest.raises(CaseProblems) as refused:
        Case.parse({"cows": []}, Herd)
    assert refused.value.say("en") == "cows: cows cannot be an empty list: expected 1 entry or more"


def test_declarations_that_cannot_be_read() -> None:
    class Loose(Entity):
        kind: ClassVar[str] = "loose"
        term: ClassVar[str] = "松散"

        weight: float | None = fact("重量", unit="kilogram", range=(0, 1))

    class Endless(Entity):
        kind: ClassVar[str] = "endless"
        term: ClassVar[str] = "无限"

        value: Money | None = fact("价值", unit="yuan")

    class Either(Entity):
        kind: ClassVar[str] = "either"
        term: ClassVar[str] = "两可"

        value: Whole | str | None = fact("值")

    with pytest.raises(TypeError, match="use Money, Rate, Whole, Flag, Day or Text"):
        describe(Loose)
    with pytest.raises(TypeError, match="a quantity needs a unit and a range"):
        describe(Endless)
    with pytest.raises(TypeError, match="a fact has one type"):
        describe(Either)


def test_two_kinds_of_one_name() -> None:
    class OtherCow(Entity):
        kind: ClassVar[str] = "cow"
        term: ClassVar[str] = "另一种牛"

        same: bool | None = fact("同")

    class Both(Farm):
        kind: ClassVar[str] = "both"
        term: ClassVar[str] = "两者"

        others: list[OtherCow] | None = fact("另一群")

    with pytest.raises(TypeError, match="two models are called cow"):
        describe(Both)


def test_what_was_declared_can_be_read_back() -> None:
    info = fact_info(Member.model_fields["rigid_spending_deduction"])
    assert (info.term, info.unit, info.range) == ("核定刚性支出扣减额", "yuan/month", ("0", "1000000"))
    assert info.judgement == "县级民政部门"
    assert next(iter(facts_of(Member))) == "birth_date"


def test_describing_is_fast() -> None:
    best = min(_seconds_of(lambda: describe(Household)) for _ in range(5))
    assert best < 0.005


def _seconds_of(run: object) -> float:
    started = time.perf_counter()
    run()  # type: ignore[operator]
    return time.perf_counter() - started


def test_importing_the_models_loads_nothing_heavy() -> None:
    code = (
        "import sys; import minzheng_rules.case.case, minzheng_rules.case.household, minzheng_rules.case.vocabulary\n"
        "print([m for m in ('stdnum','dateutil','jsonschema','numpy','click','hypothesis') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
