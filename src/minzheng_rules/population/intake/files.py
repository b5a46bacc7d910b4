"""Populations in files: folders of CSV or Parquet, Excel workbooks, and what a ``population.yaml`` beside them says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from minzheng_rules.case.quantities import UnreadableError, read_day
from minzheng_rules.case.reading import read_file
from minzheng_rules.case.refusals import shown
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest, reason_of

MANIFEST = "population.yaml"
FORMAT = "minzheng-population/1"
SUFFIXES = (".csv", ".parquet", ".xlsx")
_KEYS = {
    "format": "格式",
    "as_of": "基准日",
    "unknown": "未知",
    "declared_none": "声明为无",
    "ignoring": "不用的列",
    "invented": "虚构",
    "note": "说明",
}
_SPREADSHEET_FLAGS = {"TRUE": "true", "True": "true", "FALSE": "false", "False": "false"}


@dataclass
class FoundFiles:
    """What the files hold, and what is said about them."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    labels: dict[str, tuple[str, int]] = field(default_factory=dict)
    as_of: dt.date | None = None
    unknown: tuple[str, ...] = ()
    declared_none: tuple[str, ...] = ()
    ignoring: tuple[str, ...] = ()
    invented: Words | None = None


def read_files(paths: Iterable[Path], encoding: str = "utf-8") -> FoundFiles:
    """Everything the files hold, by table name. Raises :class:`RequestProblems` for what cannot be read."""
    found, problems = FoundFiles(), list[Problem]()
    for path in paths:
        try:
            files = _files(path)
        except OSError as error:
            problems.append(_unreadable(path, error))
            continue
        if path.is_dir() and not any(file.suffix.lower() in SUFFIXES for file in files):
            problems.append(_nothing_in(path))
        for file in files:
            _read_one(file, encoding, found, problems)
    if problems:
        raise RequestProblems(problems)
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    manifest = [path / MANIFEST] if (path / MANIFEST).exists() else []
    # A name that begins with a dot or ~$ is some program's own: a file half written, a workbook that is open.
    there = (file for file in path.iterdir() if not file.name.startswith((".", "~$")))
    return manifest + sorted(file for file in there if file.suffix.lower() in SUFFIXES)


def _read_one(file: Path, encoding: str, found: FoundFiles, problems: list[Problem]) -> None:
    if file.name == MANIFEST:
        _read_manifest(file, found)
        return
    try:
        tables = _tables_in(file, encoding)
    except OSError as error:
        problems.append(_unreadable(file, error))
        return
    except RequestProblems as wrong:
        problems.extend(wrong.problems)
        return
    for name, label, frame in tables:
        if name in found.tables:
            problems.append(_twice(label, found.labels[name][0], name))
            continue
        found.tables[name] = frame
        found.labels[name] = (label, 1 if file.suffix.lower() == ".parquet" else 2)


def _tables_in(file: Path, encoding: str) -> list[tuple[str, str, pl.DataFrame]]:
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        _refuse(
            "table.file-kind",
            Words("不是能读的表格文件", "this is no kind of table file we can read"),
            file,
            Words("请给 .csv、.parquet 或 .xlsx", "give .csv, .parquet or .xlsx"),
        )
    with file.open("rb"):
        pass  # a file that is not there, or may not be read, is told in the system's own words
    try:
        if suffix == ".csv":
            return [(file.stem, file.name, _read_csv(file, encoding))]
        if suffix == ".parquet":
            return [(file.stem, file.name, pl.read_parquet(file))]
        sheets: dict[str, pl.DataFrame] = pl.read_excel(
            file, sheet_id=0, infer_schema_length=None, raise_if_empty=False, drop_empty_rows=False
        )
    except RequestProblems:
        raise
    except ModuleNotFoundError:
        raise
    except Exception as error:  # every reader has errors of its own; what they say goes along
        said = " ".join(str(error).split())[:160]
        _refuse("table.unreadable", Words(f"文件读不了：{said}", f"the file cannot be read: {said}"), file)
    return [
        (name.strip(), f"{file.name}/{name}", _without_empty_end(frame))
        for name, frame in sheets.items()
        if frame.width
    ]


def _read_csv(file: Path, encoding: str) -> pl.DataFrame:
    """A CSV file with every cell as text; what the text means is for the vocabulary to say."""
    content = file.read_bytes()
    try:
        # Decoded here, because Polars puts question marks for what it cannot read.
        if encoding.lower().replace("-", "") in ("utf8", "utf8sig"):
            content.decode("utf-8")
        else:
            content = content.decode(encoding).encode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _refuse(
            "not-utf-8",
            Words(f"文件不是 {encoding} 编码（第 {line} 行起）", f"the file is not {encoding} (from line {line} on)"),
            file,
            Words(
                "在 Excel 中另存为“CSV UTF-8”，或用 --encoding gb18030 读旧格式",
                'save it as "CSV UTF-8" in Excel, or read it with --encoding gb18030',
            ),
        )
    if not content.strip():
        _refuse("table.empty", Words("文件是空的", "the file is empty"), file)
    frame = pl.read_csv(content, infer_schema=False)
    return frame.with_columns(_tidied(frame[name]) for name in frame.columns)


def _tidied(column: pl.Series) -> pl.Series:
    """Blank cells as nothing, and yes and no as spreadsheets write them as we do."""
    blank = column.str.strip_chars() == ""
    if blank.any():
        column = column.set(blank.fill_null(False), None)
    first = column.drop_nulls().head(1)
    if len(first) and first[0] in _SPREADSHEET_FLAGS:
        column = column.replace(_SPREADSHEET_FLAGS)
    return column


def _without_empty_end(frame: pl.DataFrame) -> pl.DataFrame:
    there = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    last = there.arg_true()
    return frame.head(int(last[-1]) + 1 if len(last) else 0)


# --- the manifest ---


def _read_manifest(file: Path, found: FoundFiles) -> None:
    data = read_file(file).data
    problems = []
    keys = {name: name for name in _KEYS} | {term: name for name, term in _KEYS.items()}
    said: dict[str, Any] = {}
    for key, value in data.items():
        name = keys.get(key)
        if name is None:
            guess = nearest(key, keys)
            step = Words(f"是否指“{guess}”？", f"did you mean {guess}?") if guess else None
            here = shown(key)
            what = Words(f"{MANIFEST} 没有{here.zh}这一项", f"{MANIFEST} has no entry {here.en}")
            problems.append(Problem("table.manifest", what, Place(str(file)), step))
        elif value is not None:
            said[name] = value
    if said.get("format", FORMAT) != FORMAT:
        what = Words(f"格式应为 {FORMAT}", f"the format should be {FORMAT}")
        problems.append(Problem("table.manifest", what, Place(str(file))))
    try:
        found.as_of = read_day(said["as_of"]) if "as_of" in said else found.as_of
    except UnreadableError as error:
        problems.append(Problem("table.manifest", error.expected.words, Place(str(file), path="as_of")))
    for name in ("unknown", "declared_none", "ignoring"):
        listed = said.get(name, ())
        if isinstance(listed, str | Mapping):
            what = Words("应为列表", "expected a list")
            problems.append(Problem("table.manifest", what, Place(str(file), path=name)))
        else:
            setattr(found, name, tuple(str(entry) for entry in listed))
    if "invented" in said:
        found.invented = Words(str(said["invented"]), str(said["invented"]))
    if problems:
        raise RequestProblems(problems)


# --- wording ---


def _refuse(code: str, what: Words, file: Path, step: Words | None = None) -> NoReturn:
    raise RequestProblems([Problem(code, what, Place(str(file)), step)]) from None


def _unreadable(path: Path, error: OSError) -> Problem:
    reason = reason_of(error)
    what = Words(f"文件打不开：{reason.zh}", f"the file cannot be opened: {reason.en}")
    return Problem("unreadable-file", what, Place(str(path)))


def _nothing_in(path: Path) -> Problem:
    what = Words("文件夹里没有表格文件", "the folder holds no table files")
    step = Words(
        "表格叫作 households.csv、members.csv 等；minzheng population template 给出空表",
        "tables are called households.csv, members.csv …; `minzheng population template` makes empty ones",
    )
    return Problem("table.nothing", what, Place(str(path)), step)


def _twice(label: str, first: str, name: str) -> Problem:
    what = Words(f"“{name}”表有两份：{first} 和 {label}", f"table {name} is there twice: {first} and {label}")
    return Problem("table.twice", what, Place(label), Words("只留一份", "keep one of them"))
