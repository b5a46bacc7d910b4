"""What is written: warnings as JSON Lines and Excel, the households decided again with their trails, what was set aside."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from minzheng_rules.evaluator.decision import Amount
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.deciding import STATUS_WORDS, EntitlementChange, Redecided
from minzheng_rules.monitor.warnings import LEVEL_WORDS, EarlyWarning, cited, evidence_text, row_text
from minzheng_rules.monitor.watching import Raised, Watched
from minzheng_rules.problems import Problem, Words

WARNING_COLUMNS = (
    ("level", Words("等级", "level")),
    ("household", Words("户", "household")),
    ("person", Words("人员", "person")),
    ("term", Words("预警", "warning")),
    ("since", Words("发生", "since")),
    ("due", Words("期限", "due")),
    ("overdue", Words("已逾期", "overdue")),
    ("evidence", Words("证据", "evidence")),
    ("cites", Words("依据", "under")),
    ("steps", Words("下一步", "next steps")),
    ("figures", Words("用到的数", "figures used")),
    ("id", Words("预警编号", "id")),
)
CHANGE_COLUMNS = (
    ("household", Words("户", "household")),
    ("subject", Words("对象", "subject")),
    ("program", Words("项目", "program")),
    ("before", Words("原结论", "before")),
    ("after", Words("现结论", "after")),
    ("amount", Words("金额名称", "amount")),
    ("amount_before", Words("原金额", "amount before")),
    ("amount_after", Words("现金额", "amount after")),
    ("difference", Words("相差", "difference")),
    ("since", Words("自何月起", "from the month of")),
)


def json_lines(items: Iterable[dict[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n" for item in items)


def warnings_json(warnings: Iterable[EarlyWarning], book: MonitorBook) -> str:
    """Warnings as JSON Lines."""
    return json_lines(warning.to_json(book) for warning in warnings)


def raised_json(raised: Iterable[Raised], book: MonitorBook) -> str:
    """The warnings of a replay as JSON Lines, in the order they were given."""
    return json_lines(one.to_json(book) for one in raised)


def set_aside_csv(problems: Iterable[Problem]) -> str:
    """What was set aside, line by line with the reason, as CSV that a spreadsheet opens; never what stood there."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "line", "code", "reason_zh", "reason_en", "next_step"])
    for p in problems:
        where = p.place.file or p.place.path
        writer.writerow(
            [where, p.place.line or "", p.code, p.what.zh, p.what.en, p.next_step.zh if p.next_step else ""]
        )
    return "\ufeff" + text.getvalue()


def warning_row(warning: EarlyWarning, book: MonitorBook, lang: str = "zh") -> dict[str, str]:
    """A warning as a row of a sheet."""
    yes = Words("是", "yes").say(lang)
    comma = "；" if lang == "zh" else "; "
    return {
        "level": LEVEL_WORDS[warning.level].say(lang),
        "household": warning.household,
        "person": warning.person,
        "term": warning.monitor.words.say(lang),
        "since": warning.since.isoformat(),
        "due": warning.due.isoformat() if warning.due else "",
        "overdue": yes if warning.overdue else "",
        "evidence": "\n".join(
            [
                *(evidence_text(record, book, lang) for record in warning.evidence),
                *(row_text(table, number, book, warning.as_of, lang) for table, number in warning.rows),
            ]
        ),
        "cites": comma.join(cited(cite, book.rulebook.sources, lang) for cite in warning.cites),
        "steps": "\n".join(f"{number}. {step.words.say(lang)}" for number, step in enumerate(warning.steps, 1)),
        "figures": comma.join(f"{f.term}（{f.status}）" for f in warning.figures),
        "id": warning.id,
    }


def change_rows(redecided: Redecided, lang: str = "zh") -> Iterator[dict[str, str]]:
    """The entitlements that change, as rows of a sheet: one for each amount, or one where only the answer changes."""
    for change in redecided.changes:
        row = {
            "household": redecided.household,
            "subject": change.subject_words.say(lang),
            "program": change.words.say(lang),
            "before": _status(change.before, lang),
            "after": _status(change.after, lang),
            "since": f"{change.since:%Y-%m}",
        }
        differences = dict(change.differences())
        if not change.amounts:
            yield {**row, "amount": "", "amount_before": "", "amount_after": "", "difference": ""}
        for name, before, after in change.amounts:
            difference = differences[name]
            yield {
                **row,
                "amount": name.say(lang),
                "amount_before": amount_text(before, lang),
                "amount_after": amount_text(after, lang),
                "difference": "" if difference is None else f"{difference:+,.2f}",
            }


def amount_text(amount: Amount | None, lang: str) -> str:
    """An amount, or the bounds it lies between."""
    if amount is None:
        return "0.00"
    if amount.value is not None:
        return f"{amount.value:,.2f} {amount.unit.say(lang)}"
    low = "?" if amount.low is None else f"{amount.low:,.2f}"
    high = "?" if amount.high is None else f"{amount.high:,.2f}"
    between = f"{low}～{high}" if lang == "zh" else f"{low} to {high}"
    return f"{between} {amount.unit.say(lang)}"


def _status(status: Any, lang: str) -> str:
    return Words("已不在户内", "no longer there").say(lang) if status is None else STATUS_WORDS[status].say(lang)


def matters(change: EntitlementChange) -> bool:
    """Whether somebody was or will be entitled to something: not only one open question in place of another."""
    return any(status is not None and status.value == "eligible" for status in (change.before, change.after))


def write_workbook(
    path: Path,
    watched: Watched,
    redecided: Sequence[Redecided],
    problems: Sequence[Problem],
    book: MonitorBook,
    lang: str = "zh",
) -> None:
    """Write the warnings, the entitlements that change and what was set aside as the sheets of a workbook.

    Raises :class:`ImportError` where xlsxwriter is not installed (``pip install 'minzheng_rules[monitor]'``).
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    colours = {"red": "#F8CBAD", "orange": "#FFE699", "yellow": "#FFF9D6"}
    # Nothing that a department sent is ever a formula or a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as workbook:
        bold = workbook.add_format({"bold": True, "bg_color": "#D9E1F2", "valign": "top"})
        plain = workbook.add_format({"text_wrap": True, "valign": "top"})
        levels = {id: workbook.add_format({"bg_color": c, "valign": "top"}) for id, c in colours.items()}

        def sheet(name: Words, columns: Sequence[tuple[str, Words]], rows: Iterable[dict[str, str]]) -> Any:
            found = workbook.add_worksheet(name.say(lang)[:31])
            found.freeze_panes(1, 0)
            for column, (_, words) in enumerate(columns):
                found.write_string(0, column, words.say(lang), bold)
                found.set_column(
                    column, column, 44 if columns[column][0] in ("evidence", "cites", "steps", "reason") else 16
                )
            count = 0
            for count, row in enumerate(rows, 1):
                for column, (id, _) in enumerate(columns):
                    found.write_string(count, column, row[id], plain)
            if count:
                found.autofilter(0, 0, count, len(columns) - 1)
            return found

        warnings = sheet(
            Words("预警", "warnings"), WARNING_COLUMNS, (warning_row(w, book, lang) for w in watched.warnings)
        )
        for number, warning in enumerate(watched.warnings, 1):
            warnings.write_string(number, 0, LEVEL_WORDS[warning.level].say(lang), levels[warning.level])
        changed = (row for one in redecided for row in change_rows(one, lang))
        sheet(Words("待遇变化", "entitlements"), CHANGE_COLUMNS, changed)
        columns = (("where", Words("位置", "where")), ("reason", Words("原因", "reason")))
        rows = ({"where": str(p.place), "reason": p.what.say(lang)} for p in problems)
        sheet(Words("未采用的记录", "set aside"), columns, rows)


def trail_markdown(redecided: Redecided, lang: str = "zh") -> str:
    """Why a household comes out as it does now, and how it came out before, for every program that changes."""
    programs = list(dict.fromkeys(change.program for change in redecided.changes if matters(change)))
    lines = [f"# {redecided.household}", ""]
    for program in programs:
        for decision, words in (
            (redecided.before, Words("按原有情况", "as the case stood")),
            (redecided.after, Words("计入部门记录后", "with the departments' records")),
        ):
            if decision is not None:
                found = decision.explain(program).markdown(lang).strip()
                if found:
                    lines += [
                        f"## {program}：{words.say(lang)}" if lang == "zh" else f"## {program}, {words.say(lang)}",
                        "",
                        found,
                        "",
                    ]
    return "\n".join(lines).rstrip() + "\n"


def file_name(household: str) -> str:
    """A household's number as the name of a file."""
    return re.sub(r"[^\w.-]", "_", household)[:80].lstrip(".") or "_"


def counts_by_monitor(warnings: Iterable[EarlyWarning]) -> list[tuple[str, Words, int]]:
    """Level, names and how many, most urgent first."""
    found: Counter[tuple[str, str]] = Counter()
    names: dict[str, Words] = {}
    for warning in warnings:
        found[warning.level, warning.monitor.id] += 1
        names[warning.monitor.id] = warning.monitor.words
    order = list(LEVEL_WORDS)
    ranked = sorted(found.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1]))
    return [(level, names[id], count) for (level, id), count in ranked]
