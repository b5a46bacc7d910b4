"""`minzheng check`: whether a rulebook can be used, on every day and for every place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from minzheng_rules.cli.asking import json_option, language_option, rulebook_folder
from minzheng_rules.cli.commanding import Command, argument
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.session import ExitCode, Session, current
from minzheng_rules.cli.telling import tell
from minzheng_rules.problems import Problem, ProblemsFound, Words

if TYPE_CHECKING:
    import datetime as dt

    from minzheng_rules.rulebook.rulebook import Rulebook

FORMAT = "minzheng-check/1"

_WORDS = Words(
    "检查规则手册：读入每个地方的全部规则、参数和补充值，逐个有变动的日期编译；一次列出所有错误，有错误时退出码为 1。",
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
    problems: dict[Problem, None] = field(default_factory=dict)
    """Each once, in the order found: places share most of their files."""

    def add(self, problems: Iterator[Problem] | Sequence[Problem]) -> None:
        """Note problems."""
        self.problems.update(dict.fromkeys(problems))

    def of(self, severity: str) -> int:
        """How many there are of one severity."""
        return sum(1 for problem in self.problems if problem.severity == severity)


class Check(Protocol):
    """Something a loaded rulebook is checked for."""

    def look(self, book: Rulebook, findings: Findings) -> Iterator[Problem]:
        """All problems of one place's rulebook."""
        ...


class EveryDay:
    """The rules in force must compile for each stretch of days without change, the first of which has no beginning."""

    def look(self, book: Rulebook, findings: Findings) -> Iterator[Problem]:
        """Circles among rules, and whatever else shows only when the rules of a day are put together."""
        from datetime import date

        from minzheng_rules.evaluator.deciding import compiled_on

        for day in (date.min, *book.boundaries):
            findings.days.add(day)
            try:
                compiled_on(book, day)
            except ProblemsFound as wrong:
                yield from wrong.problems


CHECKS: tuple[Check, ...] = (EveryDay(),)
"""Every check beyond loading, in the order they are made."""


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument(
    "rulebook",
    required=False,
    metavar="[RULEBOOK]",
    words=Words("规则手册的文件夹；不写是随附的", "the rulebook's folder; the shipped one unless said"),
)
@json_option
@language_option
def command(rulebook: str | None, as_json: bool) -> int:
    """Check a rulebook."""
    findings = examine(rulebook_folder(rulebook))
    errors = findings.of("error")
    if as_json:
        click.echo(json_text(_plain(findings)))
    else:
        tell(findings.problems, current(), to_stdout=True)
        click.echo(_summary(findings, current()))
    return ExitCode.FINDING if errors else ExitCode.DONE


def examine(folder: Path | None) -> Findings:
    """Load and check a rulebook for every place, and for the last place with every overlay."""
    from minzheng_rules.rulebook.loading import shipped_folder

    findings = Findings()
    root = folder if folder is not None else shipped_folder()
    places = _places(root)
    for place in (*places,) or (None,):
        _examine(root, findings, place, None)
    for overlay in _overlays(root):
        _examine(root, findings, places[-1] if places else None, overlay)
    return findings


def _examine(root: Path, findings: Findings, place: str | None, overlay: str | None) -> None:
    from minzheng_rules.rulebook.rulebook import Rulebook

    try:
        book = Rulebook.load(root, place=place, overlays=[overlay] if overlay is not None else [])
    except ProblemsFound as wrong:
        findings.add(wrong.problems)
        return
    if overlay is None:
        findings.places.append(book.place)
    else:
        findings.overlays.append(overlay)
    findings.add(book.warnings)
    for check in CHECKS:
        findings.add(check.look(book, findings))


def _places(root: Path) -> list[str]:
    """The ids of the manifest's layers; none if it cannot be read, which loading will say better."""
    from minzheng_rules.language.reading import Listing, Mapping, Reader, Text

    manifest = Reader().read(root / "rules" / "rulebook.yaml", "rules/rulebook.yaml")
    listed = manifest.get("layers") if manifest is not None else None
    entries = listed.items if isinstance(listed, Listing) else ()
    ids = [entry.get("id") for entry in entries if isinstance(entry, Mapping)]
    return [id.value for id in ids if isinstance(id, Text)]


def _overlays(root: Path) -> list[str]:
    """The names of the overlays in the rulebook's folder."""
    folder = root / "policies" / "overlays"
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted({path.stem for path in found if path.is_dir() or path.suffix == ".yaml"})


def _summary(findings: Findings, session: Session) -> str:
    errors, warnings = findings.of("error"), findings.of("warning")
    looked = session.say(
        f"查了 {len(findings.places)} 个地方、{len(findings.overlays)} 份补充值、{len(findings.days)} 段日期",
        f"{len(findings.places)} places, {len(findings.overlays)} overlays and {len(findings.days)} stretches of days looked at",
    )
    if not errors and not warnings:
        return f"✓ {looked}{session.say('，没有问题', ': nothing is wrong')}"
    found = session.say(f"{errors} 个错误，{warnings} 个提醒", f"{errors} errors, {warnings} warnings")
    return f"{'✗' if errors else '✓'} {looked}{session.say('：', ': ')}{found}"


def _plain(findings: Findings) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "errors": findings.of("error"),
        "warnings": findings.of("warning"),
        "places": findings.places,
        "overlays": findings.overlays,
        "days": [day.isoformat() for day in sorted(findings.days)],
        "problems": [problem.to_json() for problem in findings.problems],
    }
