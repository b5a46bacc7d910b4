"""Tables of results, each once, for every place they are shown: report, workbook, files, notebook, terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from minzheng_rules.population.simulation.exact import Total, money, number, yuan_of
from minzheng_rules.problems import Words


@dataclass(frozen=True)
class Signed:
    """A change of a count: with a plus where it is more.

    >>> print(Signed(Fraction(3)), Signed(Fraction(-3)), Signed(Fraction(0)))
    +3 -3 0
    """

    value: Fraction

    def __str__(self) -> str:
        return f"+{number(self.value)}" if self.value > 0 else number(self.value)


Cell = Words | Signed | str | Fraction | int | Decimal | Total | None
"""What stands in a cell: words, a count (fraction or whole number), yuan (decimal), a total; ``None`` where there is nothing."""


@dataclass(frozen=True)
class Sheet:
    """One table of results.

    >>> sheet = Sheet("caseload", Words("对象", "caseload"), (Words("项目", "program"), Words("户", "households")), (("低保", 3),))
    >>> sheet.text("en")
    'program  households\\n低保              3'
    """

    id: str
    title: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Words | None = None

    def records(self, lang: str = "zh") -> list[dict[str, str]]:
        """The rows as texts by column."""
        heads = [column.say(lang) for column in self.columns]
        return [dict(zip(heads, (shown(cell, lang) for cell in row), strict=True)) for row in self.rows]

    def flat(self, lang: str = "zh") -> tuple[list[str], list[list[str | Decimal | int | None]]]:
        """Header and rows for files: a total that may be open takes three columns, at least, at most and how many are open."""
        wide = [any(isinstance(row[at], Total) for row in self.rows) for at in range(len(self.columns))]
        header: list[str] = []
        for column, total in zip(self.columns, wide, strict=True):
            name, unit = _parted(column.say(lang), lang)
            header += (
                [f"{name}（至少，{unit}）", f"{name}（至多，{unit}）", f"{name}（待定项数）"]
                if total and lang == "zh"
                else [f"{name}, at least ({unit})", f"{name}, at most ({unit})", f"{name}, open"]
                if total
                else [column.say(lang)]
            )
        body = [
            [part for cell, total in zip(row, wide, strict=True) for part in _parts(cell, total, lang)]
            for row in self.rows
        ]
        return header, body

    def html(self, lang: str = "zh") -> str:
        """An HTML table; numbers stand to the right."""
        right = self._numeric
        head = "".join(
            f"<th {_ALIGNED[numeric]}>{escape(column.say(lang))}</th>"
            for column, numeric in zip(self.columns, right, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f"<td {_ALIGNED[numeric]}>{_marked_up(cell, lang)}</td>"
                for cell, numeric in zip(row, right, strict=True)
            )
            + "</tr>"
            for row in self.rows
        )
        note = f'<p class="note">{escape(self.note.say(lang))}</p>' if self.note is not None else ""
        return f'<table class="sheet"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}'

    @property
    def _numeric(self) -> list[bool]:
        """Which columns hold numbers only."""
        columns = [[row[at] for row in self.rows] for at in range(len(self.columns))]
        return [all(map(_is_number, cells)) and any(cell is not None for cell in cells) for cells in columns]

    def text(self, lang: str = "zh") -> str:
        """Aligned columns for a terminal."""
        rows = [
            [column.say(lang) for column in self.columns],
            *([shown(cell, lang) for cell in row] for row in self.rows),
        ]
        right = self._numeric
        widths = [max(_width(row[at]) for row in rows) for at in range(len(self.columns))]
        return "\n".join(
            "  ".join(_pad(cell, width, r) for cell, width, r in zip(row, widths, right, strict=True)).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        return f"<h4>{escape(self.title.zh)}</h4>{self.html()}"

    def __str__(self) -> str:
        return self.text()


def _parted(heading: str, lang: str) -> tuple[str, str]:
    """A heading without its unit in brackets, and the unit; yuan where it has none."""
    opening, closing, yuan = (" (", ")", "yuan") if lang == "en" else ("（", "）", "元")
    name, bracket, unit = heading.rpartition(opening)
    return (name, unit.removesuffix(closing)) if bracket and heading.endswith(closing) else (heading, yuan)


def shown(cell: Cell, lang: str) -> str:
    """A cell as text."""
    match cell:
        case None:
            return "–"
        case Words():
            return cell.say(lang)
        case Total():
            return cell.say(lang)
        case Decimal():
            return f"{cell:,}"
        case int() | Fraction():
            return number(cell)
    return str(cell)


_ALIGNED = {True: 'class="n" style="text-align: right"', False: 'class="t" style="text-align: left"'}
"""By whether a column holds numbers; styled in place, for notebooks have styles of their own."""


def _marked_up(cell: Cell, lang: str) -> str:
    """A cell in HTML: how many amounts are open stands in a line of its own."""
    if isinstance(cell, Total) and cell.open and not cell.settled:
        said = escape(Total(cell.low, cell.high).say(lang))
        open_ = f"{number(cell.open)} {'项待定' if lang == 'zh' else 'open'}"
        return f'{said}<br/><small class="open">{escape(open_)}</small>'
    return escape(shown(cell, lang))


def signed(total: Total, lang: str = "zh") -> str:
    """A change of money: with a plus where it is more."""
    said = total.say(lang)
    return f"+{said}" if total.settled and total.low is not None and total.low > 0 else said


def _parts(cell: Cell, total: bool, lang: str) -> Sequence[str | Decimal | int | None]:
    if total:
        if not isinstance(cell, Total):
            return [None, None, None]
        return [cell.at_least, cell.at_most, _count(cell.open)]
    match cell:
        case None:
            return [None]
        case Signed():
            return [_count(cell.value)]
        case Fraction() | int():
            return [_count(Fraction(cell))]
        case Decimal():
            return [cell]
    return [shown(cell, lang)]


def _count(value: Fraction) -> int | Decimal:
    return value.numerator if value.denominator == 1 else yuan_of(value * 100)


def _is_number(cell: Any) -> bool:
    return cell is None or (isinstance(cell, int | Fraction | Decimal | Total | Signed) and not isinstance(cell, bool))


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


__all__ = ["Cell", "Sheet", "money", "shown", "signed"]
