"""Units: what a number measures, and per whom.

A unit is a product of powers of base dimensions: ``yuan``, time (``month``, ``year``, ``day``), and entities (``person``,
``household``, …). Money is per somebody: 低保标准 is ``yuan/month/person``, 家庭月收入 is ``yuan/month/household``, so that
comparing one with the other is an error that can be seen before any data is.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from numbers import Rational

from minzheng_rules.problems import Words

_ALIASES = {
    "1": None,
    "time": None,
    "ratio": None,
    "multiple": None,
    "元": "yuan",
    "月": "month",
    "年": "year",
    "日": "day",
    "人": "person",
    "户": "household",
}
_NAMES = {
    "yuan": "元",
    "month": "月",
    "year": "年",
    "day": "日",
    "person": "人",
    "household": "户",
    "point": "分",
    "level": "级",
}
_NEVER_SAID = frozenset({"indicators"})
"""What everything reported is of: money of a report is yuan, and nobody would write yuan per report."""
DURATIONS = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers, such as ``yuan^1 month^-1 person^-1``.

    >>> str(parse_unit("yuan/month/person") * parse_unit("person/household"))
    'yuan/month/household'
    """

    powers: tuple[tuple[str, int], ...] = ()
    of_age: bool = field(default=False, compare=False)
    """Years of somebody's age: years in every way, but 岁 in Chinese."""

    def __mul__(self, other: Unit) -> Unit:
        return _of({**dict(self.powers)}, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _of({**dict(self.powers)}, other, -1)

    def power(self, base: str) -> int:
        """The exponent of one base dimension."""
        return dict(self.powers).get(base, 0)

    def per(self, owner: str) -> Unit:
        """The same unit per ``owner``, if it is money or a head count and not yet per somebody."""
        counted = self.power("yuan") or self.power("person") > 0
        entities = [base for base, exponent in self.powers if exponent < 0 and base not in ("yuan", *DURATIONS)]
        if not counted or entities or (owner == "person" and self.power("person")):
            return self
        return self / Unit(((owner, 1),))

    def moved(self, element: str, owner: str) -> Unit:
        """What a sum over ``element`` things of one ``owner`` measures: per element becomes per owner."""
        exponent = self.power(element)
        if exponent >= 0 or element == owner:
            return self
        return self * Unit(((element, 1),)) / Unit(((owner, 1),))

    @property
    def is_money(self) -> bool:
        """Whether amounts are held as fen: exactly one power of yuan."""
        return ("yuan", 1) in self.powers

    @property
    def scale(self) -> int:
        """How many internal units one unit as written is: 100 for money, which is held as whole fen."""
        return 100 if self.is_money else 1

    def say(self, lang: str = "zh", without: str | None = None) -> str:
        """The unit as people write it: 元/月/人; ``without`` leaves out the base below the line a number belongs to.

        What belongs to a thing, as a share of an estate, is written without any thing it is reckoned by.
        """
        if self.of_age and lang == "zh":
            return "岁"
        of_a_thing = without is not None and without not in _NAMES
        name = (lambda b: _NAMES.get(b, b)) if lang == "zh" else str
        above = [name(b) for b, e in self.powers if e > 0 for _ in range(e)]
        below = [
            name(b)
            for b, e in self.powers
            if e < 0 and b != without and b not in _NEVER_SAID and (b in _NAMES or not of_a_thing)
            for _ in range(-e)
        ]
        return "/".join(["·".join(above) or ("" if not below else "1"), *below])

    def after(self, number: Rational | None, lang: str = "zh", without: str | None = None) -> str:
        """The unit as it follows a number, ``None`` standing for several: 3 months, 1 month, 3 个月.

        >>> [MONTH.after(number, "en") for number in (0, 1, 3)], MONTH.after(3, "zh")
        (['months', 'month', 'months'], '个月')
        >>> parse_unit("yuan/month/person").after(3, "en"), parse_unit("person/household").after(3, "en", "household")
        ('yuan/month/person', 'persons')
        """
        said = self.say(lang, without)
        if lang == "zh":
            return "个月" if said == "月" else said
        above, slash, below = said.partition("/")
        return said if number == 1 or above in ("", "1", "yuan") else f"{_plural(above)}{slash}{below}"

    def __str__(self) -> str:
        return self.say("en") or "1"


def _plural(noun: str) -> str:
    """An English noun as there are several of it.

    >>> _plural("person"), _plural("bell"), _plural("county"), _plural("day")
    ('persons', 'bells', 'counties', 'days')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


NUMBER = Unit()
MONTH, YEAR, DAY = Unit((("month", 1),)), Unit((("year", 1),)), Unit((("day", 1),))
AGE = Unit(YEAR.powers, of_age=True)
_AGES = ("year_of_age", "岁", "周岁")
_ORDER = {"yuan": 0, "month": 1, "year": 2, "day": 3, "person": 4, "household": 5}


def _of(powers: dict[str, int], other: Unit, sign: int) -> Unit:
    for base, exponent in other.powers:
        powers[base] = powers.get(base, 0) + sign * exponent
    return Unit(tuple(sorted(((b, e) for b, e in powers.items() if e), key=lambda p: (_ORDER.get(p[0], 9), p[0]))))


class UnitError(ValueError):
    """A unit cannot be read; the argument says why."""

    step = Words(
        "写作 yuan/month、yuan/month/person、month、person、point、ratio（比例）、multiple（倍数）或 1（无单位）",
        "write it as yuan/month, yuan/month/person, month, person, point, ratio, multiple or 1 (no unit)",
    )

    def __init__(self, words: Words, step: Words | None = None) -> None:
        super().__init__(words.en)
        self.words = words
        if step is not None:
            self.step = step


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Unit:
    """Read a unit such as ``yuan/month/person``, ``person*month/household`` or ``1``.

    >>> parse_unit("元/月/人") == parse_unit("yuan/month/person")
    True
    >>> parse_unit("year_of_age") == parse_unit("year"), parse_unit("year_of_age").after(60), parse_unit("year").after(3)
    (True, '岁', '年')
    """
    if text.strip() in _AGES:
        return AGE
    parts = [part.strip() for part in re.split(r"([*/])", text)]
    powers: dict[str, int] = {}
    sign = 1
    for index, part in enumerate(parts):
        if index % 2:
            sign = 1 if part == "*" else -1
            continue
        if not re.fullmatch(r"[A-Za-z_]\w*|1|[\u4e00-\u9fff]+", part):
            raise UnitError(Words(f"单位“{text}”读不出来", f"cannot read the unit `{text}`"))
        known = [*_ALIASES, *_NAMES, *_AGES]
        near = difflib.get_close_matches(part, known, n=1, cutoff=0.75)
        if near and part not in known:
            raise UnitError(
                Words(f"没有“{part}”这个单位", f"there is no unit `{part}`"),
                Words(f"您是否想写“{near[0]}”？", f"did you mean `{near[0]}`?"),
            )
        base = _ALIASES.get(part, part)
        if base is not None:
            powers[base] = powers.get(base, 0) + sign
        sign = -1 if sign == -1 else 1
    return _of({}, Unit(tuple(powers.items())), 1)
