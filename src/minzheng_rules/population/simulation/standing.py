"""How well known the figures are that a simulation rests on, and what is needed to repeat it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

from minzheng_rules.language.rules import STATUSES
from minzheng_rules.population.simulation.dependence import parameters_of
from minzheng_rules.population.simulation.sheets import Cell, Sheet
from minzheng_rules.population.simulation.tables import figure_words
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.parameters import Parameter

if TYPE_CHECKING:
    from minzheng_rules.case.vocabulary import Vocabulary
    from minzheng_rules.population.columns import Columns
    from minzheng_rules.population.simulation.simulating import Simulation

PROPOSED = "proposed"
"""Of a figure that is the reform's own: it is in force nowhere, and nobody has made it up for show."""
STATUS_WORDS = {
    "verbatim": Words("原文", "read in the text"),
    "secondary": Words("转引", "quoted"),
    "position": Words("立场", "a position taken"),
    "recalled": Words("回忆", "from memory"),
    "illustrative": Words("示例数", "illustrative"),
    PROPOSED: Words("方案提出", "proposed"),
    "unknown": Words("未知", "unknown"),
}
_LIBRARIES = ("minzheng_rules", "numpy", "polars", "altair", "vl-convert-python")


@dataclass(frozen=True)
class Standing:
    """One figure the programs rest on, on the day."""

    parameter: Parameter
    key: tuple[str, ...]
    status: str
    value: object | None
    layer: Words


def standings(simulation: Simulation, programs: list[str]) -> list[Standing]:
    """The figures that some programs look at under the reform, the weakest first."""
    book, found = simulation.reformed, []
    layers = {layer.id: layer.term for layer in book.layers}
    for id in sorted(parameters_of(book, simulation.as_of, programs)):
        parameter = book.parameters[id]
        for key in parameter.figures or {(): []}:
            reading = book.on(simulation.as_of).reading(id, key)
            figure = reading.figure
            status = "unknown" if reading.value is None or figure is None else figure.status
            if figure is not None and figure.layer.startswith("reform:"):
                status = _of_proposal(simulation, id, key)
            layer = layers.get(figure.layer, Words("", "")) if figure is not None else Words("", "")
            found.append(Standing(parameter, key, status, reading.value, layer))
    order = (*STATUSES, PROPOSED, "unknown")
    return sorted(found, key=lambda one: (-order.index(one.status), one.parameter.id, one.key))


def _of_proposal(simulation: Simulation, id: str, key: tuple[str, ...]) -> str:
    """How well a figure of the reform is known: it is proposed; or it stands on one that is made up for show."""
    now = simulation.rulebook.on(simulation.as_of).reading(id, key)
    made_up = now.value is not None and now.figure is not None and now.figure.status == "illustrative"
    return "illustrative" if made_up else PROPOSED


def rests_on_illustrative(found: list[Standing]) -> bool:
    """Whether an invented figure is among them."""
    return any(one.status == "illustrative" for one in found)


def standing_sheet(
    found: list[Standing], weakest: tuple[str, ...] = ("unknown", PROPOSED, "illustrative", "recalled")
) -> Sheet:
    """The figures that nobody can vouch for, one line each, and how many others there are of each status."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        if one.status in weakest:
            rows.append((_named(one), _value(one), STATUS_WORDS[one.status], one.layer))
    rest = {status: sum(one.status == status for one in found) for status in STATUSES if status not in weakest}
    said = [(STATUS_WORDS[status], count) for status, count in rest.items() if count and status in STATUS_WORDS]
    note = Words(
        "另有：" + "，".join(f"{words.zh} {count} 个" for words, count in said) if said else "",
        "and: " + ", ".join(f"{words.en} {count}" for words, count in said) if said else "",
    )
    columns = (Words("数字", "figure"), Words("值", "value"), Words("性质", "standing"), Words("来自", "from"))
    return Sheet("standing", Words("数字的性质", "How well the figures are known"), columns, tuple(rows), note)


def _named(one: Standing) -> Words:
    english = one.parameter.id.replace("_", " ")
    if not one.key:
        return Words(one.parameter.term, english)
    said = [
        [index.say(part, lang) for index, part in zip(one.parameter.indexes, one.key, strict=True)]
        for lang in ("zh", "en")
    ]
    return Words(f"{one.parameter.term}（{'，'.join(said[0])}）", f"{english} ({', '.join(said[1])})")


def _value(one: Standing) -> Words:
    return STATUS_WORDS["unknown"] if one.value is None else figure_words(one.value, one.parameter.type)


def provenance(simulation: Simulation, command: str = "") -> dict[str, str]:
    """Everything that has to be the same for the same numbers to come out again."""
    population = simulation.population
    about = {
        "as_of": simulation.as_of.isoformat(),
        "place": simulation.rulebook.place,
        "overlays": " ".join(simulation.rulebook.overlays),
        "rulebook": simulation.rulebook.digest,
        "reform": simulation.reform.digest if simulation.reform is not None else "",
        "reformed_rulebook": simulation.reformed.digest if simulation.reform is not None else "",
        "data": data_digest(population.columns, simulation.rulebook.vocabulary),
        "households": str(len(population)),
        "persons": str(population.persons),
        "weighted": "yes" if simulation.weights.given else "no",
        "invented": population.invented.en if population.invented is not None else "",
        **{name: _version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "command": command,
    }
    return {key: value for key, value in about.items() if value}


_SAID: Mapping[str, Words] = {
    "as_of": Words("审核基准日", "as of"),
    "place": Words("地区", "place"),
    "overlays": Words("补充值", "overlays"),
    "rulebook": Words("规则手册校验", "rulebook digest"),
    "reform": Words("改革方案校验", "reform digest"),
    "reformed_rulebook": Words("方案下规则手册校验", "digest of the rulebook under the reform"),
    "data": Words("数据校验", "data digest"),
    "households": Words("数据中的户数", "households in the data"),
    "persons": Words("数据中的人数", "persons in the data"),
    "weighted": Words("加权", "weighted"),
    "invented": Words("人口来历", "population"),
    "python": Words("Python", "Python"),
    "command": Words("命令", "command"),
}
_YES_NO = {"yes": Words("是", "yes"), "no": Words("否", "no")}


def said_provenance(simulation: Simulation, command: str, lang: str) -> list[tuple[str, str]]:
    """The same for people: each thing by its name in a language, and what it is."""
    found = provenance(simulation, command)
    if "weighted" in found:
        found["weighted"] = _YES_NO[found["weighted"]].say(lang)
    if simulation.population.invented is not None:
        found["invented"] = simulation.population.invented.say(lang)
    return [(_SAID.get(key, Words(key, key)).say(lang), value) for key, value in found.items()]


def data_digest(columns: Columns, vocabulary: Vocabulary) -> str:
    """SHA-256 over the facts of everybody, in order of the households; no id or name is in it."""
    total = hashlib.sha256()
    ranks = np.argsort(np.argsort(np.array(columns.texts))) if columns.texts else np.zeros(1, np.int64)
    for path in sorted(columns.tables):
        table = columns.tables[path]
        total.update(json.dumps([path, table.kind, table.count]).encode())
        if table.parent is not None:
            total.update(table.parent.astype("<i8").tobytes())
        for name in sorted(table.columns):
            column = table.columns[name]
            known = column.known
            values = column.values.astype("<i8")
            if known is not None:
                values = values * known
            if _is_text(vocabulary, table.kind, name):
                # Where a text stands in the list of texts says nothing; its place among them in order does.
                values = ranks[values].astype("<i8")
            if known is not None:
                values = values * known
                total.update(known.tobytes())
            total.update(json.dumps([name, column.places]).encode())
            total.update(values.tobytes())
        for name in sorted(table.lists):
            listed = table.lists[name]
            total.update(json.dumps([name, listed is None]).encode())
            if listed is not None:
                total.update(listed.tobytes())
    total.update(json.dumps(sorted(columns.texts), ensure_ascii=False).encode())
    return total.hexdigest()


def _is_text(vocabulary: Vocabulary, kind: str, name: str) -> bool:
    fact = vocabulary.kinds[kind].facts.get(name)
    return fact is not None and fact.shape not in ("bool", "date", "enum", "quantity", "list", "entity", "ref")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
