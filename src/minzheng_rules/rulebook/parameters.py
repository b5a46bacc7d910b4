"""Parameters: figures and named choices with dates, statuses and the level of government that sets them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from posixpath import normpath

from minzheng_rules.language.reading import Document, Listing, Mapping, Text, Tree, known_keys
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import SIMPLE_TYPES, Cite, RuleReader, unknown_type
from minzheng_rules.language.tables import Grid, band, grid_of, is_table, outputs, read_grid
from minzheng_rules.language.types import Day, Enumeration, Named, Quantity, Row, Truth, Type
from minzheng_rules.language.units import Unit, UnitError, parse_unit
from minzheng_rules.problems import Place, Problem, Words, nearest

KEYS = ("term", "unit", "type", "by", "range", "set_by", "status", "source", "note", "values", "columns")
INDEX_KEYS = ("term", "unit")
FIGURE_KEYS = ("value", "status", "source", "note", "until")

Key = tuple[str, ...]
"""One index value per index: enumeration ids."""


class Band(Record):
    """An index that is a whole number, given in bands such as ``0..5`` or ``60..``."""

    id: str
    term: str
    unit: Unit | None

    def find(self, text: str) -> str | None:
        """The band as it is kept, or ``None`` if the text is no band."""
        return None if band(text) is None else text.replace(" ", "")

    def holds(self, key: str, value: int | Fraction) -> bool:
        """Whether a number, in internal units, lies in a band."""
        low, high = band(key) or (None, None)
        scale = self.unit.scale if self.unit is not None else 1
        return (low is None or value >= low * scale) and (high is None or value <= high * scale)

    def say(self, key: str, lang: str) -> str:
        """A band in words."""
        low, high = band(key) or (None, None)
        if low == high:
            return str(low)
        if high is None:
            return f"{low} 以上" if lang == "zh" else f"{low} and over"
        if low is None:
            return f"{high} 以下" if lang == "zh" else f"up to {high}"
        return f"{low}～{high}" if lang == "zh" else f"{low} to {high}"


Index = Enumeration | Band


class Figure(Record):
    """One value of a parameter: ``value`` is in internal units (fen for money), ``None`` when it is not known."""

    value: object | None
    status: str
    sources: tuple[Cite, ...]
    source_text: str
    note: str
    layer: str
    since: date
    until: date | None
    place: Place
    overlay: bool = False


@dataclass(slots=True)
class Parameter:
    """A parameter with all its values in all layers."""

    id: str
    term: str
    type: Type
    indexes: tuple[Index, ...]
    low: object | None
    high: object | None
    setters: tuple[tuple[date, tuple[str, ...]], ...]
    layer: str
    place: Place
    note: str = ""
    figures: dict[Key, list[Figure]] = field(default_factory=dict)
    """By key; of a table parameter the only key is ``()`` and each figure's value is a :class:`Grid`."""
    is_table: bool = False
    """Whether the values are whole tables, with conditions and outputs, for rules to look things up in."""

    def matching(self, indexes: tuple[object, ...]) -> list[Key]:
        """The keys that fit index values: ids as they are, numbers by the bands they lie in."""
        found = []
        for key in self.figures:
            fits = True
            for part, index, value in zip(key, self.indexes, indexes, strict=True):
                if isinstance(index, Band):
                    fits = fits and isinstance(value, int | Fraction) and index.holds(part, value)
                else:
                    fits = fits and part == value
            if fits:
                found.append(key)
        return found

    def setters_on(self, day: date) -> tuple[str, ...]:
        """Which levels of government may set the parameter on a day; empty if nothing is said."""
        current: tuple[str, ...] = ()
        for since, levels in self.setters:
            if since <= day:
                current = levels
        return current

    def boundaries(self) -> set[date]:
        """The days on which some value begins, or has just ended."""
        days = {since for since, _ in self.setters if since != date.min}
        for figures in self.figures.values():
            for figure in figures:
                days.add(figure.since)
                if figure.until is not None:
                    days.add(date.fromordinal(figure.until.toordinal() + 1))
        days.discard(date.min)
        return days


@dataclass
class ParameterReader:
    """Reads parameter files and gathers them into parameters by id."""

    problems: list[Problem]
    enumerations: AnyMapping[str, Enumeration]
    """By English id and by Chinese term."""
    elsewhere: frozenset[str] = frozenset()
    """Parameters of places that do not apply here, which an overlay may fill all the same."""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    by_term: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rules = RuleReader(self.problems)

    def read(self, tree: Mapping, layer: str, overlay: bool = False) -> None:
        """Read one file of parameters that belongs to ``layer``."""
        for id in tree:
            if id in ("enums", "overlay", "overlay_en", "note", "layer", "rules"):
                continue
            if id == "parameters" and isinstance(inner := tree.get(id), Mapping):
                self.read(inner, layer, overlay)
                continue
            entry = tree.get(id)
            if not isinstance(entry, Mapping):
                self._add(
                    "parameter.shape",
                    Words(f"“{id}”下面应是 term、unit 和 values", f"`{id}` should hold `term`, `unit` and `values`"),
                    tree.keys[id].place(),
                    _A_PARAMETER,
                )
                continue
            known_keys(entry, KEYS, Words("参数", "a parameter"), self.problems)
            parameter = self.parameters.get(self.by_term.get(id, id))
            if parameter is None and overlay and id in self.elsewhere and "term" not in entry:
                self._not_here(tree.keys[id])
                continue
            if parameter is None:
                parameter = self._declare(tree.keys[id], entry, layer)
                if parameter is None:
                    continue
                self.parameters[parameter.id] = parameter
                self.by_term[parameter.term] = parameter.id
            else:
                self._same(parameter, entry)
            self._values(parameter, entry, layer, overlay)

    def fill(self, values: AnyMapping[str, object], layer: str) -> None:
        """Fill parameters from a plain mapping of names to values, as of always, status illustrative."""
        for name, value in values.items():
            document = Document(layer, [f"{name}: {value}"], self.problems)
            parameter = self.parameters.get(self.by_term.get(name, name))
            if parameter is None:
                near = nearest(name, [*self.parameters, *self.by_term])
                self._add(
                    "overlay.unknown-parameter",
                    Words(f"没有“{name}”这个参数", f"there is no parameter `{name}`"),
                    document.place(1, 1),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words("参数的名称见 policies/", "the parameters' names are in policies/"),
                )
                continue
            written = Text(str(value), document, 1, len(name) + 3)
            if parameter.indexes or parameter.is_table:
                self._no_single_value(parameter, written)
                continue
            read = self._value(parameter, written)
            self._put(
                parameter, (), Figure(read, "illustrative", (), "", "", layer, date.min, None, written.place(), True)
            )

    def _not_here(self, key: Text) -> None:
        """An overlay may serve several places: what it fills for another one is passed over."""
        self.problems.append(
            Problem(
                "overlay.another-place",
                Words(
                    f"这里没有参数“{key.value}”，它是别处的；补充的值没有用上",
                    f"the parameter `{key.value}` belongs to another place; its value is not used here",
                ),
                key.place(),
                Words("不必改；要用到它，请载入它所在的地方", "nothing need be done; to use it load its own place"),
                "note",
            )
        )

    def _no_single_value(self, parameter: Parameter, written: Text) -> None:
        """A parameter that varies has no one value; which of its values was meant is not guessed."""
        by = [Words(f"“{index.term}”", f"`{index.id}`") for index in parameter.indexes]
        self._add(
            "overlay.single-value",
            Words(
                f"参数“{parameter.term}”按{'、'.join(one.zh for one in by)}取值，不能只给一个值",
                f"the parameter `{parameter.id}` varies by {' and '.join(one.en for one in by)}: one value does not fill it",
            )
            if by
            else Words(
                f"参数“{parameter.term}”是一张表，不能只给一个值",
                f"the parameter `{parameter.id}` is a table: one value does not fill it",
            ),
            written.place(),
            Words(
                "请写一份补充值文件，像 policies/ 里那样按日期列出，再用它的路径",
                "write an overlay file, its values by date as in policies/, and give its path",
            ),
        )

    # -- declaring -----------------------------------------------------------------------------------------------

    def _declare(self, key: Text, entry: Mapping, layer: str) -> Parameter | None:
        term = self._rules.text(entry, "term")
        type_ = self._type(entry, key)
        if term is None or type_ is None:
            if term is None:
                self._add(
                    "parameter.term",
                    Words(
                        f"参数“{key.value}”没有 term，别处也没有定义过",
                        f"the parameter `{key.value}` has no term and is not declared elsewhere",
                    ),
                    key.place(),
                    Words("请写上中文名和单位，或检查 id 是否写错", "give its term and unit, or check the id"),
                )
            return None
        self._rules.check_term(term)
        if term.value in self.by_term:
            self._add(
                "parameter.duplicate-term",
                Words(
                    f"“{term.value}”已是参数 {self.by_term[term.value]} 的名称（{_where(self.parameters[self.by_term[term.value]])}）",
                    f"`{term.value}` is already the name of `{self.by_term[term.value]}` ({_where(self.parameters[self.by_term[term.value]])})",
                ),
                term.place(),
                Words(
                    "若是同一个参数，请用同一个 id；不然请另起名称",
                    "if it is the same parameter use the same id, else give it another name",
                ),
            )
            return None
        indexes: list[Index] = []
        by = entry.get("by")
        for name in self._indexes_of(by):
            if isinstance(name, Band):
                indexes.append(name)
                continue
            enumeration = self.enumerations.get(name.value)
            if enumeration is None:
                near = nearest(name.value, self.enumerations)
                self._add(
                    "parameter.index",
                    Words(f"没有叫“{name.value}”的一组取值", f"there is no enumeration `{name.value}`"),
                    name.place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words(
                        "by 写一种取值的名称（在 enums 中定义）；按年龄等数分段时写 {term: 年龄, unit: year}",
                        "`by` names an enumeration (define it under `enums`); for bands of a number write {term: 年龄, unit: year}",
                    ),
                )
                return None
            indexes.append(enumeration)
        low, high = self._range(entry, type_)
        note = self._rules.text(entry, "note")
        return Parameter(
            id=key.value,
            term=term.value,
            type=type_,
            indexes=tuple(indexes),
            low=low,
            high=high,
            setters=self._setters(entry),
            layer=layer,
            place=key.place(),
            note=note.value if note is not None else "",
            is_table=self._holds_tables(entry, indexes),
        )

    def _indexes_of(self, by: Tree | None) -> list[Text | Band]:
        """What a parameter varies by: names of enumerations, or ``{term: 年龄, unit: year}`` for whole-number bands."""
        if by is None:
            return []
        entries = by.items if isinstance(by, Listing) else (by,)
        found: list[Text | Band] = []
        for entry in entries:
            if isinstance(entry, Mapping):
                known_keys(entry, INDEX_KEYS, Words("按数取值", "an index"), self.problems)
                term, unit = self._rules.text(entry, "term"), self._rules.text(entry, "unit")
                measured = self._unit(unit) if unit is not None else None
                name = term.value if term is not None else ""
                found.append(Band(name, name, measured))
            elif isinstance(entry, Text):
                found.append(entry)
        return found

    def _holds_tables(self, entry: Mapping, indexes: list[Index]) -> bool:
        values = entry.get("values")
        if "columns" in entry:
            return True
        if indexes or not isinstance(values, Mapping):
            return False
        return any(
            (isinstance(inner := values.get(day), Text) and is_table(inner))
            or (isinstance(inner, Mapping) and "file" in inner)
            for day in values
        )

    def _unit(self, text: Text) -> Unit | None:
        try:
            return parse_unit(text.value)
        except UnitError as error:
            self._add("unit.unreadable", error.words, text.place(), error.step)
            return None

    def _columns(self, columns: Mapping) -> Row:
        """The outputs of a table parameter, with their types."""
        found: list[tuple[str, Type]] = []
        for name in columns:
            text = columns.get(name)
            type_ = self._named_type(text) if isinstance(text, Text) else None
            if type_ is not None:
                found.append((name, type_))
        return Row(tuple(found))

    def _named_type(self, text: Text) -> Type | None:
        """A type or a unit by its name, for a column."""
        if text.value in SIMPLE_TYPES:
            return SIMPLE_TYPES[text.value]
        if text.value in self.enumerations:
            return Named(self.enumerations[text.value])
        unit = self._unit(text)
        return None if unit is None else Quantity(unit)

    def _type(self, entry: Mapping, key: Text) -> Type | None:
        unit, named = self._rules.text(entry, "unit"), self._rules.text(entry, "type")
        if unit is not None:
            measured = self._unit(unit)
            return None if measured is None else Quantity(measured)
        if named is not None:
            if named.value in SIMPLE_TYPES:
                return SIMPLE_TYPES[named.value]
            enumeration = self.enumerations.get(named.value)
            if enumeration is not None:
                return Named(enumeration)
            self.problems.append(unknown_type(named, self.enumerations))
            return None
        columns = entry.get("columns")
        if isinstance(columns, Mapping):
            return self._columns(columns)
        if self._rules.text(entry, "term") is not None and self._holds_tables(entry, []):
            return Row(())
        if self._rules.text(entry, "term") is not None:
            self._add(
                "parameter.type",
                Words(f"参数“{key.value}”要有 unit 或 type", f"the parameter `{key.value}` needs a `unit` or a `type`"),
                key.place(),
                UnitError.step,
            )
        return None

    def _range(self, entry: Mapping, type_: Type) -> tuple[object | None, object | None]:
        listed = entry.get("range")
        if listed is None:
            unit = self._rules.text(entry, "unit")
            if unit is not None and unit.value == "ratio":
                return 0, 1
            return (0, None) if isinstance(type_, Quantity) else (None, None)
        texts = self._rules.texts(listed)
        if len(texts) != 2:
            self._add(
                "parameter.range",
                Words("range 应写作 [最小, 最大]", "the range is written [least, greatest]"),
                listed.place(),
                Words(
                    "例如 [0, 1000]：这个参数可能的最小值和最大值",
                    "for example [0, 1000]: the least and the greatest it can be",
                ),
            )
            return None, None
        return self._scalar(type_, texts[0]), self._scalar(type_, texts[1])

    def _setters(self, entry: Mapping) -> tuple[tuple[date, tuple[str, ...]], ...]:
        said = entry.get("set_by")
        if said is None:
            return ()
        if isinstance(said, Mapping):
            dated = []
            for day_text in said:
                day = self._rules.date(said.keys[day_text])
                inner = said.get(day_text)
                if day is not None and inner is not None:
                    dated.append((day, tuple(level for level, _ in self._rules.levels(inner))))
            return tuple(sorted(dated))
        return ((date.min, tuple(level for level, _ in self._rules.levels(said))),)

    def _same(self, parameter: Parameter, entry: Mapping) -> None:
        """A later file may restate what a parameter is, but not change it."""
        term = self._rules.text(entry, "term")
        if term is not None and term.value != parameter.term:
            self._add(
                "parameter.redefined",
                Words(
                    f"参数 {parameter.id} 在 {_where(parameter)} 叫“{parameter.term}”",
                    f"`{parameter.id}` is called `{parameter.term}` at {_where(parameter)}",
                ),
                term.place(),
                _ONLY_VALUES,
            )
        if "unit" in entry or "type" in entry:
            said = self._type(entry, Text(parameter.id, entry.document, entry.line, entry.column))
            if said is not None and said != parameter.type:
                self._add(
                    "parameter.redefined",
                    Words(
                        f"参数“{parameter.term}”在 {_where(parameter)} 的单位或类型不是这样",
                        f"`{parameter.id}` has another unit or type at {_where(parameter)}",
                    ),
                    entry.entries["unit" if "unit" in entry else "type"].place(),
                    _ONLY_VALUES,
                )
        if not parameter.setters:
            parameter.setters = self._setters(entry)
        if "range" in entry and parameter.high is None:
            parameter.low, parameter.high = self._range(entry, parameter.type)

    # -- values --------------------------------------------------------------------------------------------------

    def _values(self, parameter: Parameter, entry: Mapping, layer: str, overlay: bool) -> None:
        values = entry.get("values")
        if values is None:
            return
        status, source = self._rules.text(entry, "status"), entry.get("source")
        default = (self._rules.status(status) if status else ("illustrative" if overlay else "verbatim"), source)
        if not isinstance(values, Mapping):
            self._add(
                "parameter.values",
                Words("values 下面应是“日期: 值”", "`values` should hold `date: value`"),
                entry.keys["values"].place(),
                Words(
                    "例如 values: {2024-07-01: 1000}，日期是开始生效的那一天",
                    "as in `values: {2024-07-01: 1000}`, the date being the first day it is in force",
                ),
            )
            return
        for written in values:
            day = self._rules.date(values.keys[written])
            body = values.get(written)
            if day is None or body is None:
                continue
            if parameter.is_table:
                self._table(parameter, body, day, layer, overlay, default)
            elif parameter.indexes:
                self._indexed(parameter, body, day, layer, overlay, default)
            else:
                figure = self._figure(parameter, body, day, layer, overlay, default)
                if figure is not None:
                    self._put(parameter, (), figure)

    def _figure(
        self, parameter: Parameter, body: Tree, day: date, layer: str, overlay: bool, default: tuple[str, Tree | None]
    ) -> Figure | None:
        status, source = default
        if isinstance(body, Text):
            if body.value == "?":
                return Figure(None, "unknown", *self._cited(source), "", layer, day, None, body.place(), overlay)
            return Figure(
                self._value(parameter, body), status, *self._cited(source), "", layer, day, None, body.place(), overlay
            )
        if not isinstance(body, Mapping):
            self._add(
                "parameter.value",
                Words("这里应是一个值，不是列表", "this should be one value, not a list"),
                body.place(),
                Words("写作 1000，或 {value: 1000, source: M57#23}", "write 1000, or {value: 1000, source: M57#23}"),
            )
            return None
        known_keys(body, FIGURE_KEYS, Words("参数的值", "a parameter's value"), self.problems)
        own = self._rules.text(body, "status")
        if own is not None:
            status = self._rules.status(own)
        value = self._rules.text(body, "value")
        note, until = self._rules.text(body, "note"), self._rules.text(body, "until")
        if value is None and status != "unknown":
            self._add(
                "parameter.value",
                Words("这里没有 value", "there is no `value` here"),
                body.place(),
                Words(
                    "请写上 value；不知道的写 status: unknown，并在 note 里说由谁公布",
                    "give the `value`; if it is not known write `status: unknown`, and in `note` who publishes it",
                ),
            )
            return None
        if value is not None and status == "unknown":
            self._add(
                "parameter.unknown-with-value",
                Words("status 写着 unknown，却又有 value", "`status` says unknown, and yet there is a `value`"),
                value.place(),
                Words(
                    "请删去 value，或按来历改 status（例如 secondary、recalled）",
                    "remove the `value`, or say in `status` how it is known, such as secondary or recalled",
                ),
            )
        return Figure(
            self._value(parameter, value) if value is not None and status != "unknown" else None,
            status,
            *self._cited(body.get("source") or source),
            note.value if note else "",
            layer,
            day,
            self._rules.date(until) if until else None,
            (value or body).place(),
            overlay,
        )

    def _table(
        self, parameter: Parameter, body: Tree, day: date, layer: str, overlay: bool, default: tuple[str, Tree | None]
    ) -> None:
        """One dated version of a table parameter: the table's text, or the file that holds it."""
        if isinstance(body, Mapping) and "file" not in body:
            if "value" in body:
                self._no_table(parameter, body)
                return
            figure = self._figure(parameter, body, day, layer, overlay, default)
            if figure is not None:
                self._put(parameter, (), figure)
            return
        if isinstance(body, Listing) or (isinstance(body, Text) and not is_table(body)):
            self._no_table(parameter, body)
            return
        grid = self._grid_of(body)
        cited, described = self._cited(default[1])
        if grid is not None:
            figure = Figure(grid, default[0], cited, described, "", layer, day, None, body.place(), overlay)
            self._put(parameter, (), figure)

    def _grid_of(self, body: Tree) -> Grid | None:
        """A table, written in place or kept in a CSV file beside the parameter file."""
        if isinstance(body, Text) and is_table(body):
            return read_grid(body, self.problems)
        file = self._rules.text(body, "file") if isinstance(body, Mapping) else None
        return None if file is None else self._csv(file)

    def _no_table(self, parameter: Parameter, body: Tree) -> None:
        self._add(
            "parameter.table",
            Words(f"“{parameter.term}”是一张表，这里却不是表", f"`{parameter.id}` is a table, but this is none"),
            body.place(),
            Words(
                "在 `|` 之后写表格，每行以“|”开头和结尾；或写 {file: 表.csv}",
                "write the table after `|`, each line begun and ended with `|`, or write {file: table.csv}",
            ),
        )

    def _csv(self, file: Text) -> Grid | None:
        path = file.document.folder / file.value
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            reader = csv.reader(lines)
            rows = [(reader.line_num, row) for row in reader if row]
        except (OSError, UnicodeDecodeError, csv.Error):
            self._add(
                "parameter.file",
                Words(f"读不了表格文件“{file.value}”", f"cannot read the table file `{file.value}`"),
                file.place(),
                Words(
                    "路径从参数文件所在的文件夹算起；文件应是 UTF-8 的 CSV",
                    "the path starts at the parameter file's folder; the file should be CSV in UTF-8",
                ),
            )
            return None
        folder = Path(file.document.name).parent
        document = Document(normpath((folder / file.value).as_posix()), lines, self.problems, path.parent)
        cells = [_csv_cells(document, number, row) for number, row in rows]
        return grid_of(cells, document.place(1, 1), self.problems)

    def _indexed(
        self, parameter: Parameter, body: Tree, day: date, layer: str, overlay: bool, default: tuple[str, Tree | None]
    ) -> None:
        changes = False
        if isinstance(body, Mapping) and list(body) == ["changes"]:
            body, changes = body.entries["changes"], True
        cells: dict[Key, Figure] = {}
        if (isinstance(body, Text) and is_table(body)) or (isinstance(body, Mapping) and list(body) == ["file"]):
            grid = self._grid_of(body)
            if grid is not None:
                cells = self._grid(parameter, grid, day, layer, overlay, default)
        elif isinstance(body, Mapping) and len(parameter.indexes) == 1:
            for name in body:
                id = self._index(parameter.indexes[0], body.keys[name])
                inner = body.get(name)
                figure = self._figure(parameter, inner, day, layer, overlay, default) if inner is not None else None
                if id is not None and figure is not None:
                    cells[(id,)] = figure
        else:
            self._add(
                "parameter.indexed",
                Words(
                    f"参数“{parameter.term}”按项取值，这里却只有一个值",
                    f"the parameter `{parameter.id}` varies, but this is a single value",
                )
                if isinstance(body, Text)
                else Words(
                    f"参数“{parameter.term}”按 {len(parameter.indexes)} 项取值，应写成表格",
                    f"the parameter `{parameter.id}` varies by {len(parameter.indexes)} indexes and needs a table",
                ),
                body.place(),
                Words(
                    "写作 {甲: 5, 乙: 6}；或在 `|` 之后写表格，每个取值一列、另加一列“=”",
                    "write {a: 5, b: 6}; or a table after `|`, with a column for each index and one `=`",
                ),
            )
        if not changes:
            for key, figures in parameter.figures.items():
                if key not in cells and any(f.layer == layer and f.since < day for f in figures):
                    cells[key] = Figure(None, "unknown", (), "", "", layer, day, None, body.place(), overlay)
        for key, figure in cells.items():
            self._put(parameter, key, figure)

    def _grid(
        self, parameter: Parameter, grid: Grid, day: date, layer: str, overlay: bool, default: tuple[str, Tree | None]
    ) -> dict[Key, Figure]:
        found = outputs(grid)
        indexes = parameter.indexes
        cells: dict[Key, Figure] = {}

        def put(keys: list[tuple[Index, Text]], cell: Text, notes: dict[str, Text]) -> None:
            ids = [self._index(enumeration, text) for enumeration, text in keys]
            if any(id is None for id in ids):
                return
            status = self._rules.status(notes["status"]) if "status" in notes else default[0]
            source: Tree | None = notes.get("cite") or notes.get("source") or default[1]
            note = notes["note"].value if "note" in notes else ""
            known = cell.value not in ("?", "")
            value = self._value(parameter, cell) if known else None
            key = tuple(id for id in ids if id is not None)
            if key in cells:
                self._add(
                    "table.duplicate-row",
                    Words(
                        f"这一行与第 {cells[key].place.line} 行是同一种情形",
                        f"this row is about the same case as line {cells[key].place.line}",
                    ),
                    keys[0][1].place(),
                    Words("请只留一行", "keep one of them"),
                )
            cells[key] = Figure(
                value,
                status if known else "unknown",
                *self._cited(source),
                note,
                layer,
                day,
                None,
                cell.place(),
                overlay,
            )

        if found:
            if len(found) != 1 or len(grid.header) != len(indexes) + 1:
                self._add(
                    "parameter.grid",
                    Words(
                        f"表头应有 {len(indexes)} 列取值和一列“=”，这里共有 {len(grid.header)} 列、{len(found)} 列“=”",
                        f"the header needs {len(indexes)} columns of index values and one `=`; it has {len(grid.header)} columns, {len(found)} of them `=`",
                    ),
                    grid.header[0].place(),
                    _BY_COLUMNS,
                )
                return {}
            for row, notes in zip(grid.rows, grid.notes, strict=True):
                put([(e, row[i]) for i, e in enumerate(indexes)], row[found[0][0]], notes)
        elif len(indexes) == 2:
            for row, notes in zip(grid.rows, grid.notes, strict=True):
                for column in range(1, len(grid.header)):
                    put([(indexes[0], row[0]), (indexes[1], grid.header[column])], row[column], notes)
        else:
            self._add(
                "parameter.grid",
                Words("表头缺少“=”这一列（结果）", "the header has no `=` column (the result)"),
                grid.header[0].place(),
                _BY_COLUMNS,
            )
        return cells

    def _index(self, enumeration: Index, text: Text) -> str | None:
        found = enumeration.find(text.value)
        if found is None and isinstance(enumeration, Band):
            self._add(
                "parameter.band",
                Words(f"“{text.value}”不是一段整数", f"`{text.value}` is no band of whole numbers"),
                text.place(),
                Words("请写成 0..5、60.. 或 7", "write it as 0..5, 60.. or 7"),
            )
            return None
        if found is None and isinstance(enumeration, Enumeration):
            near = nearest(text.value, [part for pair in enumeration.values for part in pair])
            self._add(
                "parameter.index-value",
                Words(
                    f"“{enumeration.term}”没有“{text.value}”这个取值", f"`{enumeration.id}` has no value `{text.value}`"
                ),
                text.place(),
                Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                if near
                else Words(
                    "可取：" + "、".join(t for _, t in enumeration.values),
                    "possible: " + ", ".join(i for i, _ in enumeration.values),
                ),
            )
        return found

    def _put(self, parameter: Parameter, key: Key, figure: Figure) -> None:
        figures = parameter.figures.setdefault(key, [])
        clash = next((f for f in figures if f.layer == figure.layer and f.since == figure.since), None)
        if clash is not None:
            self._add(
                "parameter.two-values",
                Words(
                    f"“{parameter.term}”从 {figure.since} 起已有一个值（{clash.place.file} 第 {clash.place.line} 行）",
                    f"`{parameter.id}` has a value from {figure.since} already ({clash.place.file}:{clash.place.line})",
                ),
                figure.place,
                Words("同一层、同一天请只留一个", "keep one for one layer and one day"),
            )
            return
        figures.append(figure)
        figures.sort(key=lambda f: f.since)

    def _cited(self, source: Tree | None) -> tuple[tuple[Cite, ...], str]:
        """A source either names registered instruments (``M57#13``) or is described in words."""
        if not isinstance(source, Text):
            return (self._rules.cites(source), "") if source is not None else ((), "")
        return (self._rules.cites(source), "") if "#" in source.value else ((), source.value)

    def _value(self, parameter: Parameter, text: Text) -> object | None:
        value = self._scalar(parameter.type, text)
        low, high = parameter.low, parameter.high
        if isinstance(value, int | Fraction) and isinstance(parameter.type, Quantity) and _outside(value, low, high):
            scale = parameter.type.unit.scale if parameter.type.unit else 1
            self._add(
                "parameter.out-of-range",
                Words(
                    f"“{parameter.term}”的值 {text.value} 超出范围 {_bound(low, scale)} 至 {_bound(high, scale)}",
                    f"the value {text.value} of `{parameter.id}` is outside {_bound(low, scale)} to {_bound(high, scale)}",
                ),
                text.place(),
                Words(
                    "请检查小数点和单位（例如 30% 写作 0.30）；若数没有错，请改 range",
                    "check the decimal point and the unit (30 % is written 0.30); if the value is right, change the `range`",
                ),
            )
        return value

    def _scalar(self, type_: Type, text: Text) -> object | None:
        written = text.value
        if isinstance(type_, Quantity):
            try:
                if any(c in written for c in "eE_/ ,"):
                    raise ValueError
                number = Fraction(written) * (type_.unit.scale if type_.unit else 1)
            except ValueError:
                self._add(
                    "parameter.number",
                    Words(f"“{written}”不是数", f"`{written}` is not a number"),
                    text.place(),
                    _as_a_number(written),
                )
                return None
            return number.numerator if number.denominator == 1 else number
        if isinstance(type_, Named):
            return self._index(type_.enumeration, text)
        if isinstance(type_, Day):
            return self._rules.date(text)
        if isinstance(type_, Truth):
            if written in ("true", "false"):
                return written == "true"
            self._add(
                "parameter.truth",
                Words(
                    f"这里应是 true 或 false，现在是“{written}”", f"this should be `true` or `false`, not `{written}`"
                ),
                text.place(),
                Words("是写 true，否写 false", "write `true` for yes and `false` for no"),
            )
            return None
        return written

    def _add(self, code: str, what: Words, place: Place, step: Words | None = None) -> None:
        self.problems.append(Problem(code, what, place, step))


def _csv_cells(document: Document, number: int, row: list[str]) -> tuple[Text, ...]:
    """The cells of one line of a CSV file, each where it stands."""
    line = document.lines[number - 1]
    cells, at = [], 0
    for value in row:
        found = max(line.find(value.strip(), at), at)
        cells.append(Text(value.strip(), document, number, found + 1))
        at = line.find(",", found + len(value.strip())) + 1 or len(line)
    return tuple(cells)


def _outside(value: int | Fraction, low: object | None, high: object | None) -> bool:
    below = isinstance(low, int | Fraction) and value < low
    return below or (isinstance(high, int | Fraction) and value > high)


def _where(parameter: Parameter) -> str:
    return f"{parameter.place.file}:{parameter.place.line}"


def _as_a_number(written: str) -> Words:
    """How a number is written that was written otherwise."""
    plain = re.sub(r"[,， ]", "", written)
    if re.fullmatch(r"-?\d{1,3}([,， ]\d{3})+(\.\d+)?", written):
        return Words(f"请写 {plain}，不用分隔号", f"write {plain}, without separators")
    if re.fullmatch(r"\d+(\.\d+)?[%％]", plain):
        part = format(Decimal(plain[:-1]) / 100, "f")
        return Words(f"百分数写成小数：{part}", f"write a percentage as a decimal: {part}")
    return Words(
        "请只写数字和小数点，例如 1820.10；单位写在 unit 里",
        "write digits and a decimal point only, as in 1820.10; the unit goes into `unit`",
    )


_A_PARAMETER = Words(
    "例如 adult_age: {term: 成年年龄, unit: year, values: {2021-01-01: 18}}",
    "for example adult_age: {term: 成年年龄, unit: year, values: {2021-01-01: 18}}",
)
_ONLY_VALUES = Words(
    "别的层只写 values；若是另一个参数，请另起 id",
    "other layers give `values` only; if it is another parameter, give it an id of its own",
)
_BY_COLUMNS = Words(
    "例如 | 残疾等级 | = |；两项取值时也可一项写在行首、一项写在表头",
    "for example | 残疾等级 | = |; of two indexes one may be in the first column and the other in the header",
)


def _bound(value: object | None, scale: int) -> str:
    if value is None:
        return "∞"
    if isinstance(value, int | Fraction):
        shown = Fraction(value) / scale
        return format(Decimal(shown.numerator) / Decimal(shown.denominator), "f")
    return str(value)


def read_enums(tree: Tree | None, problems: list[Problem]) -> Iterable[Enumeration]:
    """Read an ``enums:`` block: ``{id: {term: …, values: {id: term}}}``."""
    if tree is None:
        return
    if not isinstance(tree, Mapping):
        problems.append(Problem("enum.shape", _ENUM_SHAPE, tree.place(), _ENUM_EXAMPLE))
        return
    for id in tree:
        entry = tree.get(id)
        values = entry.get("values") if isinstance(entry, Mapping) else None
        term = entry.get("term") if isinstance(entry, Mapping) else None
        if not isinstance(values, Mapping | Listing) or not isinstance(term, Text):
            problems.append(
                Problem(
                    "enum.shape",
                    Words(f"“{id}”下面应是 term 和 values", f"`{id}` should hold `term` and `values`"),
                    tree.keys[id].place(),
                    _ENUM_EXAMPLE,
                )
            )
            continue
        pairs = (
            tuple((value, text.value) for value in values if isinstance(text := values.get(value), Text))
            if isinstance(values, Mapping)
            else tuple((item.value, item.value) for item in values.items if isinstance(item, Text))
        )
        yield Enumeration(id, term.value, pairs)


_ENUM_SHAPE = Words("enums 下面应是“id: {term, values}”", "`enums` should hold `id: {term, values}`")
_ENUM_EXAMPLE = Words(
    "例如 care_level: {term: 护理等级, values: {first: 一级护理, second: 二级护理}}",
    "for example care_level: {term: 护理等级, values: {first: 一级护理, second: 二级护理}}",
)
