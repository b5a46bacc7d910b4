"""Taking records in: JSON Lines, CSV, Excel, tables. What cannot be used is set aside with the reason and never stops the rest.

An ID number may come in one place only, the column ``id_number`` (证件号码). It is checked, looked up in the roster under a salted
digest, and dropped: no record, message, log or output holds one.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from minzheng_rules.case.identity import read_id_number
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.declarations import PERSON, RecordType
from minzheng_rules.monitor.records import DepartmentRecord, Holdings, content_id
from minzheng_rules.monitor.values import NO_END, UnreadableValue, Value, read_day, read_text, read_value
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest

SUFFIXES: Final = (".jsonl", ".ndjson", ".csv", ".xlsx", ".parquet")
_TABLES: Final = (".xlsx", ".parquet")
"""Files that Polars reads, where it is installed."""
_COMMON: Final = {
    "type": "type", "记录类型": "type", "id": "id", "编号": "id", "记录编号": "id", "household": "household", "户": "household",
    "户编号": "household", "person": "person", "人员": "person", "date": "date", "日期": "date", "received": "received",
    "收到日期": "received", "source": "source", "来源": "source", "提供部门": "source", "id_number": "id_number", "证件号码": "id_number",
    "身份证号": "id_number",
}  # fmt: skip
STRANGER: Final = "未登记-"
"""How the household of somebody begins who is in no household of the roster."""


@dataclass
class Roster:
    """Who is in which household, by a salted digest of the ID number; the numbers themselves are not kept.

    Without a salt of its own it draws one, which serves for one run. Somebody who is in no household is a household by the digest.
    """

    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _people: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, id_number: str, household: str, person: str) -> None:
        """Enter somebody. Raises :class:`UnreadableValue` where the number is none."""
        found = self._people.setdefault(self._digest(id_number), [])
        if (household, person) not in found:
            found.append((household, person))

    def find(self, id_number: str) -> list[tuple[str, str]]:
        """The households somebody is in, with what they are called there. Raises :class:`UnreadableValue`."""
        digest = self._digest(id_number)
        return self._people.get(digest) or [(STRANGER + digest[:12], "本人")]

    def _digest(self, id_number: str) -> str:
        number = "".join(id_number.split()).upper()
        if read_id_number(number) is None:
            raise UnreadableValue(Words("证件号码有误（不显示）", "it is not a valid ID number (not shown)"))
        return hmac.new(self.salt, number.encode(), hashlib.sha256).hexdigest()

    def __len__(self) -> int:
        return len(self._people)


@dataclass
class Intake:
    """Records being taken in, and what became of them."""

    book: MonitorBook
    roster: Roster = field(default_factory=Roster)
    holdings: Holdings = field(default_factory=Holdings)
    set_aside: list[Problem] = field(default_factory=list)
    """Why records were set aside: each with file and line, never with what stood there."""
    remarks: list[Problem] = field(default_factory=list)
    """What was ignored: columns that no record of the type has."""
    counts: Counter[str] = field(default_factory=Counter)
    """Records taken in, by type."""

    def read(self, path: Path, progress: Callable[[int], None] | None = None) -> None:
        """Read a file, or every file of a folder with a suffix of :data:`SUFFIXES`.

        Raises :class:`~minzheng_rules.problems.RequestProblems` where there is nothing to read.
        """
        for file in record_files(path):
            named = self.book.type(file.stem) or self.book.type(file.stem.split("-")[0])
            for number, row in self._rows(file):
                self.take(row, Place(file.name, number, 1), named)
                if progress is not None:
                    progress(1)

    def table(self, table: Any, name: str, type_: str | None = None) -> None:
        """Take in a table of Polars, pandas or Arrow, or any iterable of mappings; rows are counted from 1."""
        named = self.book.type(type_) if type_ is not None else None
        for number, row in enumerate(_rows_of(table), 1):
            self.take(row, Place(name, number, 1), named)

    def take(self, row: Mapping[str, Any], place: Place, named: RecordType | None = None) -> None:
        """Take in one record; where it cannot be used, say why and go on."""
        held = {_COMMON.get(key.strip(), key.strip()): value for key, value in row.items() if key and not _empty(value)}
        try:
            type_ = self._type(held, named)
            fields = self._fields(held, type_, place)
            subjects = self._subjects(held, type_)
            received = read_day(held["received"]).toordinal() if "received" in held else int(fields["date"])
            source = read_text(held["source"]) if "source" in held else type_.sources[0]
            written_id = read_text(held["id"]) if "id" in held else ""
        except _SetAside as reason:
            self.set_aside.append(Problem(reason.code, reason.words, place, reason.step, "warning"))
            return
        except UnreadableValue as error:
            self.set_aside.append(Problem("record.value", error.words, place, None, "warning"))
            return
        for household, person in subjects:
            whole = {**fields, "person": person} if type_.about == "person" else fields
            id = written_id or content_id(type_.id, household, whole)
            self.holdings.add(DepartmentRecord(type_.id, id, household, whole, received, source))
        self.counts[type_.id] += 1

    # -- one record ----------------------------------------------------------------------------------------------

    def _type(self, held: dict[str, Any], named: RecordType | None) -> RecordType:
        if "type" not in held:
            if named is not None:
                return named
            words = Words("没有写是哪种记录", "it does not say which type of record it is")
            raise _SetAside(
                "record.type",
                words,
                Words("加一列“记录类型”，或用记录类型作文件名", "add a column `type`, or name the file after the type"),
            )
        written = str(held["type"]).strip()
        found = self.book.type(written)
        if found is None:
            near = nearest(written, [n for t in self.book.types.values() for n in (t.id, t.term)])
            raise _SetAside(
                "record.type",
                Words("没有这种记录", "there is no such type of record"),
                Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None,
            )
        return found

    def _fields(self, held: dict[str, Any], type_: RecordType, place: Place) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        known = set(_COMMON.values())
        for declared in type_.every_field():
            if declared.id == PERSON.id:
                continue
            written = next((held[n] for n in (declared.id, declared.term) if n in held), None)
            known |= {declared.id, declared.term}
            if written is None:
                if declared.open_ended:
                    fields[declared.id] = NO_END.toordinal()
                elif not declared.optional:
                    raise _SetAside(
                        "record.missing", Words(f"缺少“{declared.term}”", f"`{declared.id}` is missing"), None
                    )
                continue
            try:
                fields[declared.id] = read_value(written, declared.type)
            except UnreadableValue as error:
                words = Words(f"“{declared.term}”{error.words.zh}", f"`{declared.id}`: {error.words.en}")
                raise _SetAside("record.value", words, None) from None
        for name in held.keys() - known:
            self._ignored(name, type_, place)
        return fields

    def _ignored(self, name: str, type_: RecordType, place: Place) -> None:
        near = nearest(name, [n for f in type_.every_field() for n in (f.id, f.term)])
        remark = Problem(
            "record.column",
            Words(
                f"{type_.term}没有“{name[:40]}”这一项，没有读",
                f"`{type_.id}` has no field `{name[:40]}`; it was not read",
            ),
            Place(place.file),
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None,
            "warning",
        )
        if remark not in self.remarks:
            self.remarks.append(remark)

    def _subjects(self, held: dict[str, Any], type_: RecordType) -> list[tuple[str, str]]:
        """The households a record is about, each with the person; somebody in two households is looked at in both."""
        if "id_number" in held:
            found = self.roster.find(str(held["id_number"]))
            if "household" in held:
                household = read_text(held["household"])
                found = [(h, p) for h, p in found if h == household] or [(household, found[0][1])]
            return found
        if "household" not in held:
            raise _SetAside(
                "record.household",
                Words(
                    "不知道是哪一户：没有户编号，也没有证件号码",
                    "it is not known which household it is about: neither `household` nor `id_number` is given",
                ),
                None,
            )
        household = read_text(held["household"])
        if type_.about != "person":
            return [(household, "")]
        if "person" not in held:
            raise _SetAside(
                "record.person",
                Words("缺少“人员”", "`person` is missing"),
                Words("写户内的名称或编号", "give the name or number within the household"),
            )
        return [(household, read_text(held["person"]))]

    # -- files ---------------------------------------------------------------------------------------------------

    def _rows(self, file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
        if file.suffix in _TABLES:
            yield from self._table_rows(file)
            return
        text = _decoded(file)
        if text is None:
            self.set_aside.append(
                Problem(
                    "record.encoding",
                    Words("文件既不是 UTF-8 也不是 GB18030", "the file is neither UTF-8 nor GB18030"),
                    Place(file.name),
                    None,
                    "warning",
                )
            )
            return
        if file.suffix == ".csv":
            reader = csv.DictReader(io.StringIO(text))
            for line in reader:
                yield reader.line_num, {key: value for key, value in line.items() if isinstance(key, str)}
            return
        for number, written in enumerate(text.splitlines(), 1):
            if not written.strip():
                continue
            row: object
            try:
                # Numbers stay as they are written: 0.1 is one jiao, not the nearest float.
                row = json.loads(written, parse_float=str)
            except (ValueError, RecursionError):
                row = None
            if isinstance(row, dict):
                yield number, row
            else:
                self.set_aside.append(
                    Problem(
                        "record.json",
                        Words("这一行不是 JSON 对象", "this line is no JSON object"),
                        Place(file.name, number),
                        None,
                        "warning",
                    )
                )

    def _table_rows(self, file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The rows of an Excel sheet (the first, below its header) or a Parquet file."""
        try:
            import polars as pl

            frame = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_excel(file)
        except ImportError:
            what = Words(
                "读 Excel、Parquet 要装 polars 和 fastexcel", "Excel and Parquet are read with polars and fastexcel"
            )
            step = Words(
                "pip install 'minzheng_rules[population]'，或另存为 CSV",
                "pip install 'minzheng_rules[population]', or save as CSV",
            )
            self.set_aside.append(Problem("record.table", what, Place(file.name), step, "warning"))
            return
        except Exception:  # each reader has errors of its own, and whatever is wrong with a file, the others go on
            what = Words("这个文件打不开", "the file cannot be opened")
            self.set_aside.append(Problem("record.table", what, Place(file.name), None, "warning"))
            return
        yield from enumerate(frame.iter_rows(named=True), 2)


class _SetAside(Exception):
    def __init__(self, code: str, words: Words, step: Words | None) -> None:
        super().__init__(code)
        self.code, self.words, self.step = code, words, step


def read_roster(path: Path, roster: Roster) -> list[Problem]:
    """Enter everybody of a CSV file with the columns 证件号码, 户, 人员; the lines that cannot be used, with the reason."""
    problems = []
    text = _decoded(path)
    if text is None:
        return [
            Problem(
                "roster.encoding",
                Words("文件既不是 UTF-8 也不是 GB18030", "the file is neither UTF-8 nor GB18030"),
                Place(path.name),
            )
        ]
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        held = {
            _COMMON.get(key, key): value for key, value in row.items() if isinstance(key, str) and not _empty(value)
        }
        try:
            roster.add(held["id_number"], read_text(held["household"]), read_text(held["person"]))
        except KeyError as missing:
            words = Words(f"缺少 {missing.args[0]}", f"`{missing.args[0]}` is missing")
            problems.append(Problem("roster.missing", words, Place(path.name, reader.line_num, 1), None, "warning"))
        except UnreadableValue as error:
            problems.append(Problem("roster.value", error.words, Place(path.name, reader.line_num, 1), None, "warning"))
    return problems


def record_files(path: Path) -> list[Path]:
    """The files to read. Raises :class:`~minzheng_rules.problems.RequestProblems` where there are none."""
    files = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES) if path.is_dir() else [path]
    if not files or not files[0].is_file() or files[0].suffix not in SUFFIXES:
        what = Words("这里没有记录文件", "there are no files of records here")
        step = Words(
            "应为 .jsonl、.csv、.xlsx 文件，或含有它们的文件夹",
            "name a .jsonl, .csv or .xlsx file, or a folder with some",
        )
        raise RequestProblems([Problem("request.records", what, Place(str(path)), step)])
    return files


def _rows_of(table: Any) -> Iterable[Mapping[str, Any]]:
    rows = table
    if hasattr(table, "iter_rows"):
        rows = table.iter_rows(named=True)
    elif hasattr(table, "to_pylist"):
        rows = table.to_pylist()
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        rows = table.to_dict("records")
    yield from rows


def _decoded(file: Path) -> str | None:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _empty(value: object) -> bool:
    return (
        value is None or (isinstance(value, str) and not value.strip()) or value != value
    )  # the last is NaN, a table's empty cell
