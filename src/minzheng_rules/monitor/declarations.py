"""What the files under ``monitors`` declare: types of records, tables, monitors."""

from __future__ import annotations

import ast
import datetime as dt
from typing import Final

from minzheng_rules.language.reading import Text
from minzheng_rules.language.record import Record, ValueRecord
from minzheng_rules.language.rules import Cite
from minzheng_rules.language.types import DAY, TEXT, Type
from minzheng_rules.monitor.values import Value
from minzheng_rules.problems import Place, Words

LEVELS: Final = {"红": "red", "橙": "orange", "黄": "yellow"}
"""How urgent a warning is, most urgent first."""
LEVEL_TERMS: Final = {id: term for term, id in LEVELS.items()}


class Field(Record):
    """A field of a type of record."""

    id: str
    term: str
    type: Type
    optional: bool = False
    open_ended: bool = False
    """A date that, left out, lies beyond every other: what it ends goes on."""

    @property
    def words(self) -> Words:
        """Its names."""
        return Words(self.term, self.id.replace("_", " "))


DATE: Final = Field("date", "日期", DAY)
PERSON: Final = Field("person", "人员", TEXT)


class Change(Record):
    """What a record of a type changes in the case of its household."""

    action: str
    """``set`` a fact, ``add`` an item to a list, ``replace`` a list by one item; ``forget`` a finding, which has to be made
    anew; ``leave`` the household: the person becomes one outside it."""
    of: str
    """``person`` or ``household``."""
    fact: str
    """The English id of the fact, or the name of the finding."""
    values: tuple[tuple[str, object], ...] = ()
    """Facts of the item (or the fact itself under ``""``), each with a constant, :data:`FULL_MONTHS`, or a :class:`FieldRef`."""
    when: tuple[str, Value] | None = None
    """Only where this field of the record has this value."""
    where_none: str = ""
    """Where this list of the same person was not empty before, the fact becomes unknown: it cannot be told from the record."""


FULL_MONTHS: Final = ("满月数", "full_months")
"""A value: the full months from the record's date to the day decided for."""


class FieldRef(Record):
    """The value of a field of the record."""

    field: str


class RecordType(Record):
    """A type of record: which department sends it, and what it says."""

    id: str
    term: str
    sources: tuple[str, ...]
    about: str
    """``person`` or ``household``."""
    fields: tuple[Field, ...]
    """Its own fields, after ``date`` and ``person``, which every record about a person has."""
    place: Place
    changes: tuple[Change, ...] = ()
    note: str = ""
    rows: tuple[Row, ...] | None = None
    """Of a table, which is no department's record: its rows."""

    @property
    def words(self) -> Words:
        """Its names."""
        return Words(self.term, self.id.replace("_", " "))

    def field(self, name: str) -> Field | None:
        """The field of that id or term."""
        for field in self.every_field():
            if name in (field.id, field.term):
                return field
        return None

    def every_field(self) -> tuple[Field, ...]:
        """All fields, those that every record has first."""
        if self.rows is not None:
            return self.fields
        return (DATE, *([PERSON] if self.about == "person" else []), *self.fields)


class Row(Record):
    """A row of a table."""

    values: tuple[tuple[str, Value], ...]
    cites: tuple[Cite, ...]
    status: str


class Aggregate(Record):
    """How many records, or how much in all, in a stretch of time that ends with the record looked at."""

    of: str
    """The field that is summed; empty where records are counted."""
    operator: str
    limit: Text
    within: Text | None
    household: bool
    """Whether records of the whole household are taken together, and not of one person."""
    broken_by: Text | None
    """A condition on records of the same type: one that meets it, on a day between two others, parts them."""


class PatternText(Record):
    """One pattern as written."""

    alias: str
    type: Text
    where: tuple[Text, ...]
    aggregate: Aggregate | None
    place: Place


class Step(ValueRecord):
    """What to do next."""

    words: Words
    cites: tuple[Cite, ...]


class MonitorText(Record):
    """A monitor as written, before its expressions are resolved."""

    id: str
    term: str
    term_en: str
    layer: str
    place: Place
    cites: tuple[Cite, ...]
    level: str
    """``red``, ``orange``, ``yellow``; empty for one that only gives a fact to others."""
    start: dt.date | None
    end: dt.date | None
    when: tuple[PatternText, ...]
    absent: PatternText | None
    each: tuple[Text, ...] | None
    gives: tuple[tuple[Text, Text], ...]
    steps: tuple[Step, ...]
    due: Text | None
    due_cites: tuple[Cite, ...]
    replaces: Text | None
    note: str
    flawed: bool = False

    @property
    def words(self) -> Words:
        """Its names."""
        return Words(self.term, self.term_en)


class Condition(Record):
    """One condition of a pattern as parsed: a comparison, or anything that is true or false."""

    text: Text
    node: ast.expr
