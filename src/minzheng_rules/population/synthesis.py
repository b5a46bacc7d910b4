"""An invented county: households, people, money and hardship, made up from stated assumptions and a seed.

Nothing here comes from data about anybody. Every share, age and amount is an assumption, stands in :class:`Assumptions` with a
plain name, and is no estimate of any place. The county is made to be interesting rather than likely: many households stand
right at the lines of social assistance, a fen below, on them, a fen above. Whatever is computed from it must say that it is
invented; :attr:`Population.invented` carries the words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from minzheng_rules.case.days import named_day
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.household import Household
from minzheng_rules.population.intake.headers import count_names
from minzheng_rules.population.intake.layout import FINDING, TOWN, layouts, table_called
from minzheng_rules.population.outputs.stated import decimals
from minzheng_rules.population.population import Population
from minzheng_rules.problems import Problem, RequestProblems, Words

INVENTED = Words(
    "虚构人口：没有一个真实的人，所有分布都是假设，不代表任何地方",
    "invented population: nobody in it is real, every distribution is an assumption, and it describes no place",
)
PROVINCE, CITY, COUNTY = "云灯省", "雾溪市", "落星县"
"""No such places exist."""
ELSEWHERE = ("远帆省", "听潮市", "纸鸢县")
MOST_HOUSEHOLDS = 20_000_000

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Assumptions:
    """Everything the invented county is made by. Shares are of one; money is in yuan, by the month; ages in years.

    >>> Assumptions(near_the_line=0).kinds["elder_alone"]
    0.14
    """

    towns: Mapping[str, float] = field(
        default_factory=lambda: {
            "灯影街道": 0.22,
            "枕溪镇": 0.18,
            "落星镇": 0.15,
            "云渡镇": 0.13,
            "纸伞镇": 0.11,
            "望潮镇": 0.09,
            "半山乡": 0.07,
            "雾谷乡": 0.05,
        }
    )
    """Share of the households in each town; the names are invented."""
    kinds: Mapping[str, float] = field(
        default_factory=lambda: {
            "elder_alone": 0.14,
            "elder_couple": 0.17,
            "couple": 0.13,
            "couple_with_children": 0.24,
            "three_generations": 0.15,
            "single_parent": 0.06,
            "adult_alone": 0.08,
            "grandparent_and_grandchild": 0.03,
        }
    )
    """Share of each kind of household."""
    hukou_here: float = 0.94
    """Of households: registered here, all of them."""
    lives_here: float = 0.98
    employed: float = 0.78
    """Of adults of working age who can work and are not at school."""
    wage_median: float = 3300
    wage_spread: float = 0.55
    """Standard deviation of the logarithm."""
    basic_pension: float = 143
    employee_pension: float = 0.3
    """Of people of sixty and over: draw an employee's pension of 1,800 to 4,500 in place of a resident's."""
    lets_property: float = 0.05
    poor: float = 0.08
    """Of households: nobody is employed."""
    near_the_line: float = 0.2
    """Of households: income is put at a line of assistance, or within sixty yuan of it."""
    line: float = 1000
    """What a line is, per head and month; an assumption of this county and nobody's standard."""
    multiples: tuple[float, ...] = (1, 1.5)
    disabled: float = 0.05
    disabled_elder: float = 0.12
    seriously_ill: float = 0.02
    recognised: float = 0.02
    """Of households: all members are on record as 低保 since some day of the last three years."""
    has_vehicle: float = 0.35
    assets_median: float = 26000
    assets_spread: float = 1.1
    unknown: float = 0.02
    """Of wages, of findings on assets, and of people's ability to work: nobody knows."""
    on_a_birthday: float = 0.04
    """Of people: sixteen, eighteen, sixty or eighty on the very day, or a day short of it."""

    def described(self) -> dict[str, object]:
        """All of them as plain data, for a report or a note beside the tables."""
        return asdict(self)


@dataclass(frozen=True)
class County:
    """The tables of an invented county, and what is declared of all of them."""

    tables: Mapping[str, pl.DataFrame]
    as_of: dt.date
    declared_none: tuple[str, ...]
    unknown: tuple[str, ...]
    assumptions: Assumptions


_DECLARED_NONE = (
    "income",
    "special_circumstances",
    "parental_failings",
    "records",
    "other_circumstances",
    "care_and_ageing",
    "disabilities",
    "serious_illness",
    "rigid_spending_deduction",
    "support_waived",
    "employment_income_increase",
    "job_offers",
    "benefits",
    "rigid_spendings",
    "found_not_independent",
    "income_irregular",
    "vehicles",
    "houses",
    "obligors",
    "residence_permits",
    "residence_permit_here",
)

_SUPPORTERS_DECLARE = "income special_circumstances records disabilities serious_illness obligors"
"""What a household declares does not reach people outside it."""

# For each kind of household: relation, chance of being there, and the age: from .. to, or against the applicant's.
_Slot = tuple[str, float, int, int, bool]
_SLOTS: Mapping[str, tuple[_Slot, ...]] = {
    "elder_alone": (("applicant", 1, 62, 93, False),),
    "elder_couple": (("applicant", 1, 60, 88, False), ("spouse", 1, -6, 5, True)),
    "couple": (("applicant", 1, 28, 60, False), ("spouse", 1, -6, 5, True)),
    "couple_with_children": (
        ("applicant", 1, 25, 50, False),
        ("spouse", 1, -6, 5, True),
        ("child", 1, -33, -23, True),
        ("child", 0.35, -35, -26, True),
    ),
    "three_generations": (
        ("applicant", 1, 30, 52, False),
        ("spouse", 0.9, -6, 5, True),
        ("child", 1, -32, -23, True),
        ("parent", 1, 22, 31, True),
        ("parent", 0.5, 22, 31, True),
    ),
    "single_parent": (("applicant", 1, 24, 50, False), ("child", 1, -32, -21, True), ("child", 0.25, -33, -23, True)),
    "adult_alone": (("applicant", 1, 20, 60, False),),
    "grandparent_and_grandchild": (("applicant", 1, 56, 76, False), ("grandchild", 1, -60, -50, True)),
}


def synthesize(
    households: int = 1000,
    seed: int = 1,
    *,
    as_of: dt.date | str = "2025-06-01",
    assumptions: Assumptions | None = None,
) -> Population:
    """The population of an invented county; the same households, seed, day and assumptions give the same county.

    >>> synthesize(20, seed=3).ids[0]
    'H0000001'
    """
    made = county(households, seed, as_of=as_of, assumptions=assumptions)
    return Population.from_given(
        made.tables, as_of=made.as_of, unknown=made.unknown, declared_none=made.declared_none, invented=INVENTED
    )


def county(
    households: int, seed: int, *, as_of: dt.date | str = "2025-06-01", assumptions: Assumptions | None = None
) -> County:
    """The tables of an invented county. Raises :class:`RequestProblems` for a number of households nobody can want."""
    if not 1 <= households <= MOST_HOUSEHOLDS:
        raise RequestProblems(
            [
                Problem(
                    "request.households",
                    Words(
                        f"户数应在 1 至 {MOST_HOUSEHOLDS} 之间，不能是 {households}",
                        f"the number of households is between 1 and {MOST_HOUSEHOLDS}, not {households}",
                    ),
                )
            ]
        )
    day = named_day(as_of)
    assert day is not None
    assumed = assumptions or Assumptions()
    maker = _Maker(np.random.Generator(np.random.PCG64(seed)), households, day, assumed)
    return County(maker.tables(), day, _DECLARED_NONE, ("rest",), assumed)


class _Maker:
    """Draws one county, a column at a time, always in the same order."""

    def __init__(self, random: np.random.Generator, households: int, day: dt.date, assumed: Assumptions) -> None:
        self.random, self.count, self.day, self.assumed = random, households, day, assumed
        width = max(7, len(str(households)))
        self.ids = pl.Series([f"H{number:0{width}}" for number in range(1, households + 1)])

    def tables(self) -> dict[str, pl.DataFrame]:
        """All tables, by name."""
        self._draw_people()
        self._draw_circumstances()
        wages, pensions, rents = self._draw_income()
        households = self._households()
        tables = {
            "households": households,
            "members": self._members(),
            "members.disabilities": self._disabilities(),
            "members.wages": wages,
            "members.transfers_in": pensions,
            "members.property_incomes": rents,
            "members.recognitions": self._recognitions(),
            "members.obligors": pl.DataFrame(),
            "supporters": pl.DataFrame(),
            "vehicles": self._vehicles(),
            "houses": self._houses(),
        }
        tables["supporters"], tables["members.obligors"] = self._supporters()
        return {name: frame for name, frame in tables.items() if frame.height}

    # -- people ------------------------------------------------------------------------------------------------------

    def _draw_people(self) -> None:
        names = list(self.assumed.kinds)
        kind = self._choice(np.array(list(self.assumed.kinds.values())), self.count)
        parts: list[tuple[Ints, Ints, list[str], Ints]] = []
        for number, name in enumerate(names):
            of = np.flatnonzero(kind == number)
            first = np.zeros(len(of), np.int64)
            for slot, (relation, chance, low, high, relative) in enumerate(_SLOTS[name]):
                age = self.random.integers(low, high, len(of)).astype(np.int64)
                age = np.clip(first + age, 0, 104) if relative else age
                first = first if slot else age
                if relation == "spouse":
                    age = np.maximum(age, 22)
                there = self._chance(chance, len(of))
                parts.append((of[there], np.full(int(there.sum()), slot), [relation] * int(there.sum()), age[there]))
        household = np.concatenate([part[0] for part in parts])
        slots = np.concatenate([part[1] for part in parts])
        order = np.lexsort((slots, household))
        self.household = household[order]
        self.relation = pl.Series([word for part in parts for word in part[2]], dtype=pl.String).gather(order)
        self.age = np.concatenate([part[3] for part in parts])[order]
        self.kind = np.array(names)[kind]
        self.people = len(self.household)
        begins = np.concatenate([[True], np.diff(self.household) > 0])
        self.first = np.flatnonzero(begins)
        self.place = np.arange(self.people) - self.first[np.cumsum(begins) - 1]
        self.size = np.bincount(self.household, minlength=self.count)
        self.applicant = self.place == 0
        self.member_ids = pl.select(pl.lit("M") + pl.Series(self.place + 1).cast(pl.String)).to_series()
        # Whoever is the spouse is of the other sex than the applicant.
        male = self._chance(0.5, self.people)
        spouse = (self.relation == "spouse").to_numpy()
        self.male = np.where(spouse, ~male[self.first[self.household]], male)
        self.born = self._birth_days()

    def _birth_days(self) -> Ints:
        """Birth dates: any day of the year that makes the age, and for some the day a line is crossed."""
        today = self.day.toordinal()
        days = self.random.integers(0, 365, self.people)
        born = today - (self.age * 365.2425).astype(np.int64) - days
        lines = np.array([16, 18, 60, 80])
        near = lines[np.argmin(np.abs(self.age[:, None] - lines[None, :]), axis=1)]
        exact = self._chance(self.assumed.on_a_birthday, self.people) & (np.abs(self.age - near) <= 2)
        crossed = np.array([_years_before(self.day, int(line)).toordinal() for line in lines])
        on_the_day = crossed[np.searchsorted(lines, near)] + self.random.integers(0, 2, self.people)
        self.age = np.where(exact, near, self.age)
        return np.where(exact, on_the_day, born)

    def _draw_circumstances(self) -> None:
        chance, assumed = self._chance, self.assumed
        elder = self.age >= 60
        self.disabled = np.where(
            elder, chance(assumed.disabled_elder, self.people), chance(assumed.disabled, self.people)
        )
        self.grade = self.random.integers(0, 4, self.people)
        self.disability = self.random.integers(0, 6, self.people)
        self.ill = chance(assumed.seriously_ill, self.people)
        at_college = (
            (self.age >= 18) & (self.age < 22) & (self.relation == "child").to_numpy() & chance(0.6, self.people)
        )
        stages = np.select(
            [self.age < 3, self.age < 6, self.age < 15, self.age < 18, at_college], [0, 1, 2, 3, 4], default=0
        )
        self.schooling = pl.Series(["none", "preschool", "compulsory", "upper_secondary", "undergraduate"]).gather(
            stages
        )
        self.at_school = stages > 0
        severe = self.disabled & (self.grade < 2)
        self.able = (self.age >= 16) & (self.age < 60) & ~severe & ~(self.at_school & (self.age < 18))
        self.here = chance(assumed.hukou_here, self.count)[self.household]
        self.living_here = chance(assumed.lives_here, self.people)

    # -- money ---------------------------------------------------------------------------------------------------------

    def _draw_income(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        assumed = self.assumed
        poor = self._chance(assumed.poor, self.count)
        near = self._chance(assumed.near_the_line, self.count)
        self.poor, self.near = poor, near
        works = self.able & ~self.at_school & self._chance(assumed.employed, self.people)
        works &= ~(poor | near)[self.household]
        logarithm = np.log(assumed.wage_median) + assumed.wage_spread * self.random.standard_normal(self.people)
        wage = (np.clip(np.exp(logarithm), 200, 60_000) / 10).astype(np.int64) * 1000
        pensioner = self.age >= 60
        employee = pensioner & self._chance(assumed.employee_pension, self.people) & ~(poor | near)[self.household]
        basic = pensioner & ~employee
        amount = np.where(
            employee,
            self.random.integers(1800, 4500, self.people) * 100,
            self.random.integers(60, 420, self.people) * 100,
        )
        other = pensioner & ~near[self.household]
        line_people, line_amounts = self._at_the_line(near)
        earns = ~pensioner[line_people]
        works[line_people[earns]], wage[line_people[earns]] = True, line_amounts[earns]
        other[line_people[~earns]], amount[line_people[~earns]] = True, line_amounts[~earns]
        self.works = works
        wages = self._wages(works, wage, near)
        pensions = self._pensions(basic, employee, other, amount)
        lets = self._chance(assumed.lets_property, self.count) & ~near
        rents = self._items(
            self.first[lets],
            type=pl.Series(["rent"]).gather(np.zeros(int(lets.sum()), np.int64)),
            amount=_money(self.random.integers(20, 150, self.count)[lets] * 1000),
            cost=_money(np.zeros(int(lets.sum()), np.int64)),
        )
        return wages, pensions, rents

    def _at_the_line(self, near: Flags) -> tuple[Ints, Ints]:
        """The one member of each household near a line who has all its income, and how many fen it is."""
        fen = np.array([round(self.assumed.line * multiple * 100) for multiple in self.assumed.multiples])
        line = fen[self.random.integers(0, len(fen), self.count)] * self.size
        off = np.array([-1, 0, 1])[self.random.integers(0, 3, self.count)]
        wide = self.random.integers(-6000, 6001, self.count)
        off = np.where(self._chance(0.4, self.count), off, wide)
        return self.first[near], np.maximum(line + off, 1000)[near]

    def _wages(self, works: Flags, wage: Ints, near: Flags) -> pl.DataFrame:
        of = np.flatnonzero(works)
        cost = np.where(near[self.household], 0, self.random.integers(0, 4, self.people) * 5000)
        unknown = self._chance(self.assumed.unknown, self.people)[of] & ~near[self.household[of]]
        return self._items(of, amount=_money(wage[of], ~unknown), work_cost=_money(np.minimum(cost, wage)[of]))

    def _pensions(self, basic: Flags, employee: Flags, other: Flags, amount: Ints) -> pl.DataFrame:
        base = np.flatnonzero(basic)
        more = np.flatnonzero(other)
        of = np.concatenate([base, more])
        kind = np.concatenate([np.zeros(len(base), np.int64), np.where(employee[more], 2, 1)])
        fen = np.concatenate([np.full(len(base), round(self.assumed.basic_pension * 100)), amount[more]])
        order = np.argsort(of, kind="stable")
        kinds = pl.Series(["central_basic_pension", "other_pension", "retirement_pay"])
        return self._items(of[order], type=kinds.gather(kind[order]), amount=_money(fen[order]))

    # -- tables ----------------------------------------------------------------------------------------------------------

    def _households(self) -> pl.DataFrame:
        assumed = self.assumed
        towns = pl.Series(list(assumed.towns))
        self.town = towns.gather(self._choice(np.array(list(assumed.towns.values())), self.count))
        wealth = np.log(assumed.assets_median) + assumed.assets_spread * self.random.standard_normal(self.count)
        fen = (np.clip(np.exp(wealth), 0, 5_000_000) / 10).astype(np.int64) * 1000
        fen = np.where(self.near | self.poor, fen // 4, fen)
        young = np.maximum.reduceat(np.where(self.age < 60, 1, 0), self.first) > 0
        self.vehicle = self._chance(assumed.has_vehicle, self.count) & young & ~(self.near | self.poor)
        within = (fen <= 4_000_000 * self.size) & ~self.vehicle
        edge = fen <= 6_000_000 * self.size
        known = ~self._chance(assumed.unknown, self.count)
        self.within, self.assets_known = within, known
        return pl.DataFrame(
            [
                self.ids.alias("household_id"),
                self.town.alias(TOWN[0]),
                _money(fen).alias("financial_assets_total"),
                _flag(within, known).alias(f"{FINDING[0]}assets_within_rule"),
                _flag(edge, known).alias(f"{FINDING[0]}edge_assets_within_rule"),
            ]
        )

    def _members(self) -> pl.DataFrame:
        here, known = self.here, ~self._chance(self.assumed.unknown, self.people)
        places = {
            name: pl.Series([there, away]).gather(np.where(here, 0, 1))
            for name, there, away in zip(
                ("hukou_province", "hukou_city", "hukou_county"), (PROVINCE, CITY, COUNTY), ELSEWHERE, strict=True
            )
        }
        adult = self.age >= 16
        return self._items(
            np.arange(self.people),
            relation=self.relation,
            birth_date=_days(self.born),
            sex=pl.Series(["female", "male"]).gather(self.male.astype(np.int64)),
            hukou_here=pl.Series(here),
            **places,
            hukou_town=self.town.gather(self.household),
            lives_here=pl.Series(self.living_here),
            lives_in_province=pl.Series([PROVINCE, ELSEWHERE[0]]).gather(np.where(self.living_here, 0, 1)),
            lives_in_city=pl.Series([CITY, ELSEWHERE[1]]).gather(np.where(self.living_here, 0, 1)),
            lives_in_county=pl.Series([COUNTY, ELSEWHERE[2]]).gather(np.where(self.living_here, 0, 1)),
            schooling=self.schooling,
            study_mode=pl.Series(["full_time", None], dtype=pl.String).gather(np.where(self.at_school, 0, 1)),
            disability_certificate=pl.Series(self.disabled),
            serious_illness=pl.Series(self.ill),
            able_to_work=_flag(self.able, known | ~adult),
            jobless=pl.Series(adult & ~self.works),
            legal_duty=pl.Series(np.ones(self.people, bool)),
            long_term_together=_flag(self._chance(0.93, self.people), known),
            applies_alone=pl.Series(np.zeros(self.people, bool)),
            agrees_to_check=pl.Series(np.ones(self.people, bool)),
            **{
                f"{FINDING[0]}{name}": _flag(self.within[self.household], self.assets_known[self.household])
                for name in ("own_assets_within_rule", "assets_within_tekun_rule", "assets_within_low_income_rule")
            },
        )

    def _disabilities(self) -> pl.DataFrame:
        of = np.flatnonzero(self.disabled)
        kinds = pl.Series(["visual", "hearing", "speech", "physical", "intellectual", "mental"])
        grades = pl.Series(["first", "second", "third", "fourth"])
        return self._items(of, type=kinds.gather(self.disability[of]), grade=grades.gather(self.grade[of]))

    def _recognitions(self) -> pl.DataFrame:
        recognised = self._chance(self.assumed.recognised, self.count) & (self.poor | self.near)
        of = np.flatnonzero(recognised[self.household] & self.here)
        since = self.day.toordinal() - self.random.integers(30, 1095, self.count)[self.household[of]]
        # Nobody is on record from before the day of birth.
        since = np.maximum(since, self.born[of])
        nothing = np.zeros(len(of), np.int64)
        return self._items(of, type=pl.Series(["dibao"]).gather(nothing), since=_days(since))

    def _vehicles(self) -> pl.DataFrame:
        of = np.flatnonzero(self.vehicle)
        value = self.random.integers(2, 25, self.count)[of] * 1_000_000
        no = pl.Series(np.zeros(len(of), bool))
        return pl.DataFrame(
            [
                self.ids.gather(of).alias("household_id"),
                no.alias("disability_aid"),
                pl.Series(self._chance(0.1, self.count)[of]).alias("needed_for_living"),
                _money(value).alias("value"),
            ]
        )

    def _houses(self) -> pl.DataFrame:
        of = np.flatnonzero(self._chance(0.9, self.count))
        area = self.random.integers(400, 1600, self.count)[of]
        return pl.DataFrame(
            [
                self.ids.gather(of).alias("household_id"),
                pl.Series(["lived_in"]).gather(np.zeros(len(of), np.int64)).alias("use"),
                decimals("area", area, np.ones(len(of), bool), 1),
            ]
        )

    def _supporters(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Children outside the household of old people who live by themselves."""
        alone = np.isin(self.kind, ["elder_alone", "elder_couple"]) & self._chance(0.7, self.count)
        second = alone & self._chance(0.5, self.count)
        of = np.sort(np.concatenate([np.flatnonzero(alone), np.flatnonzero(second)]))
        again = np.concatenate([[False], np.diff(of) == 0]) if len(of) else np.zeros(0, bool)
        names = pl.Series(["S1", "S2"]).gather(again.astype(np.int64))
        years = self.random.integers(24, 34, self.count)[of]
        born = self.born[self.first[of]] + (years * 365.2425).astype(np.int64)
        born = np.minimum(born, self.day.toordinal() - 18 * 366)
        supporters = pl.DataFrame(
            [
                self.ids.gather(of).alias("household_id"),
                names.alias("supporter_id"),
                _days(born).alias("birth_date"),
                pl.Series(np.ones(len(of), bool)).alias("alive"),
                _flag(self._chance(0.75, self.count)[of], ~self._chance(0.1, self.count)[of]).alias("able_to_support"),
                _money(self.random.integers(5, 120, self.count)[of] * 100_000).alias("yearly_income"),
                pl.Series(self._chance(0.2, self.count)[of]).alias(f"{FINDING[0]}assets_within_low_income_rule"),
                pl.Series([_SUPPORTERS_DECLARE]).gather(np.zeros(len(of), np.int64)).alias("declared_none"),
            ]
        )
        ties = pl.DataFrame({"household": of, "person": names})
        owned = pl.DataFrame({"household": self.household, "member_id": self.member_ids}).join(ties, on="household")
        owned = owned.sort("household", "member_id", "person")
        obligors = pl.DataFrame(
            [
                self.ids.gather(owned["household"]).alias("household_id"),
                owned["member_id"],
                owned["person"],
                pl.Series(["child"]).gather(np.zeros(owned.height, np.int64)).alias("relation"),
            ]
        )
        return supporters, obligors

    # -- helpers ---------------------------------------------------------------------------------------------------------

    def _items(self, of: Ints, **facts: pl.Series) -> pl.DataFrame:
        """Rows that belong to members."""
        keys = [
            self.ids.gather(self.household[of]).alias("household_id"),
            self.member_ids.gather(of).alias("member_id"),
        ]
        return pl.DataFrame([*keys, *(column.alias(name) for name, column in facts.items())])

    def _chance(self, share: float, count: int) -> Flags:
        return self.random.random(count) < share

    def _choice(self, shares: NDArray[np.float64], count: int) -> Ints:
        ends = np.cumsum(shares) / shares.sum()
        return np.minimum(np.searchsorted(ends, self.random.random(count), side="right"), len(shares) - 1)


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _money(fen: Ints, known: Flags | None = None) -> pl.Series:
    return decimals("", fen, np.ones(len(fen), bool) if known is None else known, 2)


def _flag(said: Flags, known: Flags) -> pl.Series:
    return pl.Series(said).set(pl.Series(~known), None)


def _days(ordinals: Ints) -> pl.Series:
    return pl.Series((ordinals - dt.date(1970, 1, 1).toordinal()).astype(np.int32)).cast(pl.Date)


def in_chinese(tables: Mapping[str, pl.DataFrame], model: type[Entity] = Household) -> dict[str, pl.DataFrame]:
    """Tables with English headings and values in Chinese ones.

    >>> in_chinese({"households": pl.DataFrame({"household_id": ["1"], "especially_hard": [True]})})["家庭"].columns
    ['家庭编号', '特别困难']
    """
    known = layouts(model)
    keys = {layout.key[0]: layout.key[1] for layout in known.values()}
    keys |= dict([TOWN, ("weight", "权重"), ("declared_none", "声明为无")])
    found = {}
    for name, frame in tables.items():
        layout = table_called(name, known)
        assert layout is not None
        words = {**keys, **{id: fact.term for id, fact in layout.facts.items()}}
        words |= dict(count_names(fact.id, fact.term) for fact in layout.lists.values())
        columns = []
        for column in frame:
            fact = layout.facts.get(column.name)
            if fact is not None and fact.enum is not None:
                column = column.replace_strict({choice.value: choice.term for choice in fact.enum}, default=column)
            heading = words.get(column.name, column.name.replace(FINDING[0], FINDING[2]))
            columns.append(column.alias(heading))
        found[layout.term if layout.path else "家庭"] = pl.DataFrame(columns)
    return found
