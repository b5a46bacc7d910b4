"""Empty tables to fill in, and the note that lies beside a folder of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import FactType
from minzheng_rules.case.units import in_unit, unit_words
from minzheng_rules.population.intake.headers import count_names
from minzheng_rules.population.intake.layout import (
    DECLARED,
    TOWN,
    WEIGHT,
    TableLayout,
    keys_of,
    layouts,
    nearest_table,
    table_called,
)
from minzheng_rules.problems import Problem, RequestProblems, Words

if TYPE_CHECKING:
    from minzheng_rules.population.synthesis import County

_KINDS = {
    "bool": Words("是、否", "true, false"),
    "text": Words("文字", "text"),
    "date": Words("日期，如 1952-03-01", "a date, such as 1952-03-01"),
    "ref": Words("成员或家庭外义务人的编号", "the id of a member or a supporter"),
}


def empty_tables(model: type[Entity], wanted: Sequence[str] = (), lang: str = "zh") -> dict[str, pl.DataFrame]:
    """Tables with headings only, by name, and one that explains every column. Raises :class:`RequestProblems`.

    >>> from minzheng_rules.case.household import Household
    >>> list(empty_tables(Household, ["members", "wages"], "en"))
    ['households', 'members', 'members.wages', 'columns']
    """
    known = layouts(model)
    chosen = _chosen(known, wanted)
    said = 0 if lang == "en" else 1
    frames: dict[str, pl.DataFrame] = {}
    rows: list[tuple[str, str, str, str]] = []
    for layout in chosen:
        name = layout.name if lang == "en" else layout.term
        columns = [*_explained(layout, known, chosen, said)]
        frames[name] = pl.DataFrame({heading: [] for heading, _, _ in columns}, schema_overrides={})
        frames[name] = frames[name].cast(pl.String)
        rows += [(name, heading, what, who) for heading, what, who in columns]
    headings = (
        ("table", "column", "what may be entered", "who supplies it")
        if said == 0
        else ("表", "列", "怎样填", "由谁提供")
    )
    frames["columns" if said == 0 else "列的说明"] = pl.DataFrame(rows, schema=list(headings), orient="row")
    return frames


def _chosen(known: Mapping[str, TableLayout], wanted: Sequence[str]) -> list[TableLayout]:
    if not wanted:
        return list(known.values())
    paths = {""}
    problems = []
    for name in wanted:
        layout = known[""] if name == "households" else table_called(name, known)
        if layout is None:
            guess = nearest_table(name, known)
            step = Words(f"是否指“{guess}”？", f"did you mean {guess}?") if guess else None
            problems.append(
                Problem("table.unknown", Words(f"没有“{name}”这张表", f"there is no table {name}"), next_step=step)
            )
            continue
        while layout.owner is not None:
            paths.add(layout.path)
            layout = known[layout.owner]
    if problems:
        raise RequestProblems(problems)
    return [layout for path, layout in known.items() if path in paths]


def _explained(
    layout: TableLayout, known: Mapping[str, TableLayout], chosen: Sequence[TableLayout], said: int
) -> list[tuple[str, str, str]]:
    """Every column with what may be entered and who supplies it."""
    lang = "zh" if said else "en"

    def words(zh: str, en: str) -> str:
        return zh if said else en

    columns = [
        (key[said], words("与上一级表中相同的编号", "the id as in the table above"), "")
        for key in keys_of(layout, known)
    ]
    has_lists = any(other.owner == layout.path for other in chosen)
    if layout.owner is None or layout.is_people or has_lists:
        columns.append((layout.key[said], words("编号，不得是身份证号", "an id, never an ID number"), ""))
    if layout.owner is None:
        columns.append((TOWN[said], words("可不填；按乡镇汇总用", "optional; for totals by town"), ""))
        columns.append(
            (WEIGHT[said], words("可不填；一行代表几户", "optional; for how many households the row stands"), "")
        )
    for fact in layout.facts.values():
        columns.append(
            (
                fact.term if said else fact.id,
                _what(fact, lang),
                "、".join(fact.sources) if said else ", ".join(fact.sources),
            )
        )
    for fact in layout.lists.values():
        if any(other.path == layout.below(fact.id) for other in chosen):
            heading = count_names(fact.id, fact.term)[said]
            columns.append(
                (
                    heading,
                    words("共几项；没有的填 0，不知道的留空", "how many entries; 0 for none, empty if nobody knows"),
                    "",
                )
            )
    columns.append(
        (DECLARED[said], words("声明没有的各项，用顿号分开", "what is declared to be none, with blanks between"), "")
    )
    return columns


def _what(fact: FactType, lang: str) -> str:
    if fact.enum is not None:
        text = (
            "、".join(choice.term for choice in fact.enum)
            if lang == "zh"
            else ", ".join(choice.value for choice in fact.enum)
        )
    elif fact.shape == "quantity":
        unit = unit_words(fact.unit).say(lang)
        low, high = (in_unit(bound, None).say(lang) for bound in (fact.low, fact.high) if bound is not None)
        places = (
            Words("整数", "a whole number")
            if fact.whole
            else Words(f"至多 {fact.places} 位小数", f"at most {fact.places} decimals")
        )
        text = f"{unit} {low}–{high}".strip() + ("，" if lang == "zh" else ", ") + places.say(lang)
    else:
        text = _KINDS[fact.shape].say(lang)
    note = fact.note.say(lang) if fact.note is not None else ""
    return f"{text}（{note}）" if note and lang == "zh" else f"{text} ({note})" if note else text


def manifest(county: County, invented: str, remade: str, lang: str) -> str:
    """The note beside an invented county's tables: what reads them back, and that they are made up."""
    keys = (
        ("格式", "基准日", "虚构", "未知", "声明为无", "说明")
        if lang == "zh"
        else ("format", "as_of", "invented", "unknown", "declared_none", "note")
    )
    declared = "\n".join(f"  - {name}" for name in county.declared_none)
    assumed = "\n".join(f"#   {name}: {value}" for name, value in county.assumptions.described().items())
    head = (
        "# 全部虚构。由下面的命令造出，各项假设列在后面；没有一项来自真实数据。"
        if lang == "zh"
        else "# All invented. Made by the command below from the assumptions listed after it; none comes from real data."
    )
    return "\n".join(
        [
            head,
            f"#   {remade}",
            assumed,
            f"{keys[0]}: minzheng-population/1",
            f"{keys[1]}: {county.as_of.isoformat()}",
            f"{keys[2]}: {invented}",
            f"{keys[3]}: [{'其余' if lang == 'zh' else 'rest'}]",
            f"{keys[4]}:",
            declared,
            f"{keys[5]}: {remade}",
            "",
        ]
    )
