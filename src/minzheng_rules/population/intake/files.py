"""Populations in files: folders of CSV or Parquet, Excel workbooks, and what a ``population.yaml`` beside them says."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import errno
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

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
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""What a file begins with that says how it is encoded."""
CHINESE_EXCEL: Final = "gb18030"
"""What "CSV" without more means in a Chinese Excel."""
_KINDS: Final = {
    ".csv": Words("CSV 表", "a CSV table"),
    ".parquet": Words("Parquet 文件", "a Parquet file"),
    ".xlsx": Words("Excel 工作簿", "an Excel workbook"),
}
_MOST_ROWS_TOLD: Final = 5
_OTHER_SEPARATORS: Final = {";": Words("分号", "semicolons"), "\t": Words("制表符", "tabs")}
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


def read_files(paths: Iterable[Path], encoding: str | None = None) -> FoundFiles:
    """Everything the files hold, by table name. Raises :class:`RequestProblems` for what cannot be read.

    ``encoding`` is that of CSV files; without one each is read as what it is: UTF-8, or what Chinese Excel writes.
    """
    found, problems = FoundFiles(), list[Problem]()
    if encoding is not None:
        _check_encoding(encoding)
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


def _read_one(file: Path, encoding: str | None, found: FoundFiles, problems: list[Problem]) -> None:
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


def _tables_in(file: Path, encoding: str | None) -> list[tuple[str, str, pl.DataFrame]]:
    suffix = file.suffix.lower()
    if not file.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
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
    except Exception:  # every reader has errors of its own, in words of its own; the file is not what its name says
        kind = _KINDS[suffix]
        _refuse(
            "table.unreadable",
            Words(f"文件读不了：内容不是完好的 {kind.zh}", f"the file cannot be read: what it holds is not {kind.en}"),
            file,
            Words(
                "请用原来的程序打开，另存一份再试；也可以存成 CSV",
                "open it in the program it comes from and save it anew; CSV is read, too",
            ),
        )
    return [
        (name.strip(), f"{file.name}/{name}", _without_empty_end(frame))
        for name, frame in sheets.items()
        if frame.width
    ]


def _read_csv(file: Path, encoding: str | None) -> pl.DataFrame:
    """A CSV file with every cell as text; what the text means is for the vocabulary to say."""
    text = _decoded(file, encoding)
    if not text.strip():
        _refuse(
            "table.empty",
            Words("文件是空的", "the file is empty"),
            file,
            Words(
                "至少要有一行列名；没有这张表就删去文件",
                "it needs a line of headings; delete it if there is no such table",
            ),
        )
    headings = _check_form(text, file)
    frame = pl.read_csv(text.encode(), infer_schema=False)
    tidy = frame.with_columns(_tidied(frame[name]) for name in frame.columns)
    # Columns somebody once used and emptied leave commas behind, without heading and without cells; rows do, too.
    nameless = [name for name, word in zip(tidy.columns, headings, strict=True) if not word]
    return _without_empty_end(tidy.drop(name for name in nameless if tidy[name].null_count() == tidy.height))


def _decoded(file: Path, encoding: str | None) -> str:
    """The text of a file. Decoded here, because Polars puts question marks for what it cannot read."""
    content = file.read_bytes()
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    tried = marked or encoding or "utf-8"
    try:
        return content.decode(tried).removeprefix("\ufeff")
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        if marked is None and encoding is None and content[:start].isascii():
            # All before the first letter that is not UTF-8 is plain: this is no damaged UTF-8, but another encoding.
            try:
                return content.decode(CHINESE_EXCEL)
            except UnicodeDecodeError:
                pass
        line = content[:start].count(b"\n") + 1
        said = tried.removesuffix("-sig").upper()
        _refuse(
            "not-utf-8",
            Words(f"文件不是 {said} 编码（第 {line} 行起）", f"the file is not {said} (from line {line} on)"),
            file,
            Words(
                "请在 Excel 中另存为“CSV UTF-8”，或用 --encoding 写明编码，如 --encoding gb18030",
                'save it as "CSV UTF-8" in Excel, or name its encoding, as in --encoding gb18030',
            ),
        )


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        what = Words(f"没有“{name}”这种编码", f"there is no encoding {name}")
        step = Words(
            "常用的是 utf-8、gb18030、utf-16；不写则自动辨认 UTF-8 和 GB18030",
            "the usual ones are utf-8, gb18030 and utf-16; without one, UTF-8 and GB18030 are told apart",
        )
        raise RequestProblems([Problem("table.encoding", what, Place("--encoding"), step)]) from None


def _check_form(text: str, file: Path) -> list[str]:
    """The headings, if every row has as many cells: a row that breaks off must not pass for one of which much is unknown."""
    first, rows = _rows_of(text, file)
    headings = [word.strip() for word in first]
    for separator, words in _OTHER_SEPARATORS.items():
        if len(first) == 1 and separator in first[0]:
            _refuse(
                "table.separator",
                Words(
                    f"各列之间用的是{words.zh}，应为逗号", f"the columns are separated by {words.en}; expected commas"
                ),
                file,
                Words(
                    "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", 'save it as "CSV UTF-8 (comma delimited)" in Excel'
                ),
            )
    problems = list(_headings_twice(headings, file))
    uneven = [(line, cells) for line, cells in rows if cells != len(first) and cells]
    problems += [_uneven(file, line, cells, len(first)) for line, cells in uneven[:_MOST_ROWS_TOLD]]
    if (more := len(uneven) - _MOST_ROWS_TOLD) > 0:
        what = Words(f"同样的问题还有 {more} 行", f"the same in {more} more rows")
        problems.append(Problem("table.uneven-row", what, Place(str(file)), severity="note"))
    if problems:
        raise RequestProblems(problems)
    return headings


def _rows_of(text: str, file: Path) -> tuple[list[str], list[tuple[int, int]]]:
    """The cells of the first row; and of every other the line it begins in and how many cells it has, none if it is empty."""
    if '"' not in text:
        first, *others = text.replace("\r\n", "\n").split("\n")
        return first.split(","), [
            (line, written.count(",") + 1 if written else 0) for line, written in enumerate(others, 2)
        ]
    reader = csv.reader(io.StringIO(text), strict=True)
    begins, headings, rows = 1, list[str](), list[tuple[int, int]]()
    try:
        for row in reader:
            if begins == 1:
                headings = row
            else:
                rows.append((begins, len(row)))
            begins = reader.line_num + 1
    except csv.Error:
        _refuse(
            "table.quotes",
            Words(
                f"从第 {begins} 行起，引号没有成对，分不清各格",
                f"from line {begins} on quotation marks do not pair, so that its cells cannot be told apart",
            ),
            file,
            Words(
                "请补上或删去这一行的半角引号；格内要写引号时写两个",
                'add or remove a plain quotation mark (") there; within a cell it is written twice',
            ),
        )
    return headings, rows


def _headings_twice(headings: list[str], file: Path) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for column, word in enumerate(headings, 1):
        if word and word in first:
            what = Words(
                f"“{shown(word).zh.strip('“”')}”这一列有两列：第 {first[word]} 列和第 {column} 列",
                f"column {word} is there twice: as column {first[word]} and as column {column}",
            )
            step = Words("只留一列", "keep one of them")
            yield Problem("table.column-twice", what, Place(str(file), 1, column), step)
        first.setdefault(word, column)


def _uneven(file: Path, line: int, cells: int, headings: int) -> Problem:
    what = Words(
        f"这一行有 {cells} 格，列名有 {headings} 个", f"this row has {cells} cells; there are {headings} headings"
    )
    short = Words(
        "文件若没有传完，请重新导出；若是 Excel 省去了行末的空格，请补上逗号，或直接读 .xlsx",
        "if the file broke off, export it again; if Excel left out empty cells at the end, add their commas, or have the .xlsx read",
    )
    long = Words(
        "格内若有逗号，请给这一格加上半角引号；否则删去多出的格",
        "put quotation marks round a cell that holds a comma, or remove the cells that are too many",
    )
    step = short if cells < headings else long
    return Problem("table.uneven-row", what, Place(str(file), line, min(cells, headings + 1)), step)


def _tidied(column: pl.Series) -> pl.Series:
    """Cells without blanks around them, blank ones as nothing, and yes and no as spreadsheets write them as we do."""
    column = column.str.strip_chars()
    blank = column == ""
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
    written: dict[str, str] = {}
    for key, value in data.items():
        name = keys.get(key)
        if name is None:
            guess = nearest(key, keys)
            step = (
                Words(f"是否指“{guess}”？", f"did you mean {guess}?")
                if guess
                else Words("可写：" + "、".join(_KEYS.values()), "possible: " + ", ".join(_KEYS))
            )
            here = shown(key)
            what = Words(f"{MANIFEST} 没有{here.zh}这一项", f"{MANIFEST} has no entry {here.en}")
            problems.append(Problem("table.manifest", what, Place(str(file)), step))
        elif value is not None:
            said[name], written[name] = value, key
    if said.get("format", FORMAT) != FORMAT:
        here = shown(said["format"])
        what = Words(f"格式不能是{here.zh}", f"the format cannot be {here.en}")
        step = Words(f"请写 {FORMAT}，或删去这一项", f"write {FORMAT}, or leave it out")
        problems.append(Problem("table.manifest", what, Place(str(file), path=written["format"]), step))
    try:
        found.as_of = read_day(said["as_of"]) if "as_of" in said else found.as_of
    except UnreadableError as error:
        here = shown(said["as_of"])
        what = Words(f"基准日不能是{here.zh}", f"`as_of` cannot be {here.en}")
        place = Place(str(file), path=written["as_of"])
        problems.append(Problem("table.manifest", what, place, error.expected.words))
    for name in ("unknown", "declared_none", "ignoring"):
        listed = said.get(name, ())
        if isinstance(listed, str):
            setattr(found, name, (listed,))
        elif isinstance(listed, list | tuple):
            setattr(found, name, tuple(str(entry) for entry in listed))
        else:
            here = shown(listed)
            what = Words(f"这里不能是{here.zh}", f"this cannot be {here.en}")
            step = Words("请写成名称的列表，如 [其余]", "write a list of names, such as [rest]")
            problems.append(Problem("table.manifest", what, Place(str(file), path=written[name]), step))
    if "invented" in said:
        found.invented = _invented(str(said["invented"]))
    if problems:
        raise RequestProblems(problems)


def _invented(said: str) -> Words:
    """What is said of an invented population; our own words for it are there in both languages."""
    from minzheng_rules.population.synthesis import INVENTED

    return INVENTED if said in INVENTED else Words(said, said)


# --- wording ---


def _refuse(code: str, what: Words, file: Path, step: Words | None = None) -> NoReturn:
    raise RequestProblems([Problem(code, what, Place(str(file)), step)]) from None


def _unreadable(path: Path, error: OSError) -> Problem:
    reason = reason_of(error)
    what = Words(f"文件打不开：{reason.zh}", f"the file cannot be opened: {reason.en}")
    step = Words("请核对名称和所在的文件夹", "check its name and the folder it is in")
    return Problem("unreadable-file", what, Place(str(path)), step)


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
