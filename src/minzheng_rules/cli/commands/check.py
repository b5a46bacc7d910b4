"""`minzheng check`: whether a rulebook can be used, on every day and for every place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minzheng_rules.cli.asking import json_option, language_option, rulebook_folder
from minzheng_rules.cli.commanding import Command, argument, option
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.session import ExitCode, Session, current
from minzheng_rules.cli.telling import tell
from minzheng_rules.problems import Problem, ProblemsFound, Words

if TYPE_CHECKING:
    import datetime as dt

    from minzheng_rules.language.reading import Mapping, Shelf
    from minzheng_rules.rulebook.rulebook import Rulebook

FORMAT = "minzheng-check/1"

_WORDS = Words(
    "检查规则手册：读入每个地方的规则、参数和补充值，按每个有变动的日期检查；一次列出所有错误和提醒，有错误时退出码为 1。",
    "Check a rulebook: read all rules, parameters and overlays for every place, compile them for every day on which anything "
    "changes, and report all mistakes at once; the exit code is 1 if there are any.",
)
_NOTES = Words(
    """例：
  minzheng check             检查随附的规则手册
  minzheng check .           检查当前文件夹里的 rules/ 和 policies/""",
    """Examples:
  minzheng check             the rulebook that ships with the library
  minzheng check .           rules/ and policies/ of the current folder""",
)


@dataclass
class Findings:
    """What was looked at, and what was found."""

    places: list[str] = field(default_factory=list)
    overlays: list[str] = field(default_factory=list)
    days: set[dt.date] = field(default_factory=set)
    """The first day of each stretch without change; the first stretch has no beginning."""
    problems: dict[Problem, None] = field(default_factory=dict)
    """Each once, in the order found: places share most of their files."""

    def of(self, severity: str) -> int:
        """How many there are of one severity."""
        return sum(1 for problem in self.problems if problem.severity == severity)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument(
    "rulebook",
    required=False,
    metavar="[RULEBOOK]",
    words=Words("规则手册的文件夹；不写是随附的", "the rulebook's folder; the shipped one unless said"),
)
@option(
    "--notes",
    is_flag=True,
    words=Words("也列出没有错、但值得知道的", "also what is not wrong but good to know"),
)
@json_option
@language_option
def command(rulebook: str | None, notes: bool, as_json: bool) -> int:
    """Check a rulebook."""
    findings = examine(rulebook_folder(rulebook), notes)
    if as_json:
        click.echo(json_text(_plain(findings)))
    else:
        tell(findings.problems, current(), to_stdout=True)
        click.echo(_summary(findings, current()))
    return ExitCode.FINDING if findings.of("error") else ExitCode.DONE


def examine(folder: Path | None, notes: bool = False) -> Findings:
    """Check a rulebook for every place, and for the last place with every overlay.

    What is merely doubtful is reported where it can be judged: for a place without others below it, whose figures are all
    there, and for an overlay in its own files. A place that adds nothing for a kind of case is looked at once, with the last
    of those that have the same files; an overlay, for the kinds it has files for.
    """
    from minzheng_rules.rulebook.loading import shipped_folder

    findings = Findings()
    root = folder if folder is not None else shipped_folder()
    manifest = _manifest(root)
    places = _places(manifest)
    shelf: Shelf = {}
    if not places:
        _note(findings, _check(root, None, (), None, notes, shelf)[1])
        return findings
    lowest = set(places) - set(places.values())
    findings.places, findings.overlays = list(places), _overlays(root)
    first: list[Rulebook | None] = []
    kinds = _kinds(manifest)
    for kind in kinds:
        read: list[Rulebook | None] = []
        for place in _different(root, places, kind, kinds):
            book, found = _check(root, place, (), kind, notes, shelf)
            read.append(book)
            _note(findings, (problem for problem in found if problem.severity == "error" or place in lowest))
        for overlay in findings.overlays:
            if not _read_for(root / "policies" / "overlays" / overlay, kind, kinds):
                continue
            _, found = _check(root, list(places)[-1], (overlay,), kind, False, shelf)
            _note(findings, (problem for problem in found if problem.severity == "error" or _is_overlay(problem)))
        first = first or read
        if not findings.of("error"):
            for book in read:
                _note(findings, _compiled_every_day(book, findings.days))
    if not findings.of("error") and any(root.glob("rules/*/monitors/*.yaml")):
        # Monitors watch households: the first kind of case.
        for book in first:
            _note(findings, _monitors(root, book))
    return findings


def _different(root: Path, places: AnyMapping[str, str], kind: str | None, kinds: Sequence[str | None]) -> list[str]:
    """The places whose rules on a kind of case differ: of those that read the same files, the last."""
    last: dict[tuple[Path, ...], str] = {}
    for place in places:
        read: list[Path] = []
        layer, passed = place, set[str]()
        while layer in places and layer not in passed:  # a manifest may go round in a circle, which loading says
            passed.add(layer)
            read += _read_for(root / "rules" / layer, kind, kinds) + _read_for(root / "policies" / layer, kind, kinds)
            layer = places[layer]
        last[tuple(read)] = place
    return list(last.values())


def _read_for(folder: Path, kind: str | None, kinds: Sequence[str | None]) -> list[Path]:
    """The files of a folder that are read for a kind of case, or the file of that name beside it."""
    from minzheng_rules.rulebook.loading import files_for

    beside = folder.with_suffix(".yaml")
    named = [name for name in kinds if name is not None]
    return [*files_for(folder, kind, named), *([beside] if beside.is_file() else [])]


def _note(findings: Findings, problems: Iterable[Problem]) -> None:
    findings.problems.update(dict.fromkeys(problems))


def _check(
    root: Path, place: str | None, overlays: tuple[str, ...], kind: str | None, notes: bool, shelf: Shelf
) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    from minzheng_rules.rulebook.checks import check_read
    from minzheng_rules.rulebook.loading import read_through

    try:
        book, found = read_through(root, place=place, overlays=overlays, kind=kind, shelf=shelf)
        return book, check_read(book, found, notes=notes)
    except ProblemsFound as wrong:
        return None, wrong.problems


def _monitors(root: Path, book: Rulebook | None) -> tuple[Problem, ...]:
    """What is wrong in the monitors of a place."""
    from minzheng_rules.monitor.book import MonitorBook

    try:
        MonitorBook.load(root, rulebook=book)
    except ProblemsFound as wrong:
        return wrong.problems
    return ()


def _is_overlay(problem: Problem) -> bool:
    return Path(problem.place.file).parts[:2] == ("policies", "overlays")


def _compiled_every_day(book: Rulebook | None, days: set[dt.date]) -> Iterator[Problem]:
    """What shows only when the rules of a stretch of days are compiled."""
    from datetime import date

    from minzheng_rules.evaluator.deciding import compiled_on

    assert book is not None, "a rulebook that cannot be read has errors, and is not compiled"
    for day in (date.min, *book.boundaries):
        days.add(day)
        try:
            compiled_on(book, day)
        except ProblemsFound as wrong:
            yield from wrong.problems


def _manifest(root: Path) -> Mapping | None:
    """The manifest; none if it cannot be read, which the check says better."""
    from minzheng_rules.language.reading import Reader

    return Reader().read(root / "rules" / "rulebook.yaml", "rules/rulebook.yaml")


def _kinds(manifest: Mapping | None) -> tuple[str | None, ...]:
    """The kinds of case the rulebook decides; one without a name where it does not tell several apart."""
    from minzheng_rules.language.reading import Mapping

    named = manifest.get("vocabulary") if manifest is not None else None
    return tuple(named.entries) if isinstance(named, Mapping) else (None,)


def _places(manifest: Mapping | None) -> dict[str, str]:
    """The manifest's places, each with the one it lies in."""
    from minzheng_rules.language.reading import Listing, Mapping, Text

    listed = manifest.get("layers") if manifest is not None else None
    found = {}
    for entry in listed.items if isinstance(listed, Listing) else ():
        id, within = (entry.get("id"), entry.get("within")) if isinstance(entry, Mapping) else (None, None)
        if isinstance(id, Text):
            found[id.value] = within.value if isinstance(within, Text) else ""
    return found


def _overlays(root: Path) -> list[str]:
    """The names of the overlays in the rulebook's folder."""
    folder = root / "policies" / "overlays"
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted({path.stem for path in found if path.is_dir() or path.suffix == ".yaml"})


def _summary(findings: Findings, session: Session) -> str:
    errors, warnings, notes = (findings.of(severity) for severity in ("error", "warning", "note"))
    places, overlays, days = len(findings.places), len(findings.overlays), len(findings.days)
    looked = session.say(
        f"查了 {places} 个地方、{overlays} 份补充值" + (f"、{days} 段日期" if days else ""),
        f"{places} places, {overlays} overlays" + (f", {days} stretches of days" if days else "") + " looked at",
    )
    zh = (
        [f"{errors} 个错误"] * (errors > 0)
        + [f"{warnings} 个提醒"] * (warnings > 0)
        + [f"{notes} 条说明"] * (notes > 0)
    )
    en = (
        [f"{errors} errors"] * (errors > 0)
        + [f"{warnings} warnings"] * (warnings > 0)
        + [f"{notes} notes"] * (notes > 0)
    )
    found = session.say("，".join(zh) or "没有问题", ", ".join(en) or "nothing is wrong")
    return f"{'✗' if errors else '✓'} {looked}{session.say('：', ': ')}{found}"


def _plain(findings: Findings) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "errors": findings.of("error"),
        "warnings": findings.of("warning"),
        "notes": findings.of("note"),
        "places": findings.places,
        "overlays": findings.overlays,
        "days": [day.isoformat() for day in sorted(findings.days)],
        "problems": [problem.to_json() for problem in findings.problems],
    }
