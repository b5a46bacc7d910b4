"""What an expression can be: true or false, a quantity with a unit, a date, a named value, a text, a person or thing, several."""

from __future__ import annotations

from minzheng_rules.language.record import ValueRecord
from minzheng_rules.language.units import NUMBER, Unit
from minzheng_rules.problems import Words


class Enumeration(ValueRecord):
    """A closed list of named values, each with an English id and a Chinese term."""

    id: str
    term: str
    values: tuple[tuple[str, str], ...]
    """Pairs of id and term, in order."""

    def find(self, name: str) -> str | None:
        """The id of the value called ``name`` in either language."""
        for id, term in self.values:
            if name in (id, term):
                return id
        return None

    def say(self, id: str, lang: str) -> str:
        """How a value is called in a language."""
        if lang == "en":
            return id.replace("_", " ")
        return next((term for value, term in self.values if value == id), id)


class Truth(ValueRecord):
    """True, false, or not settled."""

    def say(self) -> Words:
        return Words("是非判断", "a condition (true or false)")


class Quantity(ValueRecord):
    """A number with a unit; ``unit is None`` for the literals 0 and 1, which fit any unit."""

    unit: Unit | None

    def say(self) -> Words:
        if self.unit is None:
            return Words("数字", "a number")
        if not self.unit.powers:
            return Words("没有单位的数", "a number without unit")
        return Words(f"以“{self.unit.say('zh')}”计的数", f"a quantity in {self.unit}")


class Day(ValueRecord):
    """A date."""

    def say(self) -> Words:
        return Words("日期", "a date")


class TextType(ValueRecord):
    """Free text, which can only be compared for being the same."""

    def say(self) -> Words:
        return Words("文字", "a text")


class Named(ValueRecord):
    """One value of an enumeration."""

    enumeration: Enumeration

    def say(self) -> Words:
        return Words(f"“{self.enumeration.term}”的取值", f"a value of `{self.enumeration.id}`")


class One(ValueRecord):
    """One person or thing of a kind."""

    kind: str

    def say(self) -> Words:
        return Words(f"一个{self.kind}", f"one {self.kind}")


class Many(ValueRecord):
    """Several of a kind, belonging to one ``owner`` kind."""

    kind: str
    owner: str

    def say(self) -> Words:
        return Words(f"若干{self.kind}", f"several {self.kind}")


class Row(ValueRecord):
    """A row of a table with several outputs, read as ``岗级.级``."""

    columns: tuple[tuple[str, Type], ...]

    def say(self) -> Words:
        return Words("表中的一行", "a row of a table")


class Rows(ValueRecord):
    """The rows of a table parameter, taken as a collection."""

    table: str
    row: Row

    def say(self) -> Words:
        return Words("表的各行", "the rows of a table")


Type = Truth | Quantity | Day | TextType | Named | One | Many | Row | Rows
TRUTH, DAY, TEXT, ANY_NUMBER, PLAIN_NUMBER = Truth(), Day(), TextType(), Quantity(None), Quantity(NUMBER)
