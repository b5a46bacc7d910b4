"""`minzheng monitor`: departments' records to warnings, and the affected households decided again."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import Asking, asking_options, json_option, language_option, rulebook_folder
from minzheng_rules.cli.commanding import Command, option
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.files import write_whole
from minzheng_rules.cli.session import Session, colours, current
from minzheng_rules.cli.telling import UsageMistake, severity, tell
from minzheng_rules.cli.values import Day, OneOf
from minzheng_rules.problems import Place, Problem, ProblemsFound, RequestProblems, Words
from minzheng_rules.trail.rendering.layout import Span, paint

if TYPE_CHECKING:
    from minzheng_rules.case.case import Case
    from minzheng_rules.monitor.book import MonitorBook
    from minzheng_rules.monitor.deciding import Redecided
    from minzheng_rules.monitor.intake import Intake
    from minzheng_rules.monitor.watching import Replayed, Watched

FORMAT = "minzheng-monitoring/1"
SALT_VARIABLE: Final = "MINZHENG_SALT"
_MOST_SHOWN: Final = 12

_WORDS = Words(
    "监测预警：读各部门的记录，列出要核查的家庭、证据、依据和期限，再把受影响的家庭按记录前后各裁断一次。",
    "Early warning: read departments' records, list the households to look at with evidence, articles and deadlines, and "
    "decide those affected before and after the records.",
)
_NOTES = Words(
    """例：
  minzheng monitor --records records/ --as-of 2025-06-30 --out out/
  minzheng monitor --records records/ --cases cases/ --as-of 2025-06-30
  minzheng monitor --records records/ --since 2025-01-01 --as-of 2025-06-30
记录怎样写见 docs/how-to/monitor-records.md。""",
    """Examples:
  minzheng monitor --records records/ --as-of 2025-06-30 --out out/
  minzheng monitor --records records/ --cases cases/ --as-of 2025-06-30
  minzheng monitor --records records/ --since 2025-01-01 --as-of 2025-06-30
How to write records: docs/how-to/monitor-records.md.""",
)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@option(
    "--records",
    "records",
    multiple=True,
    required=True,
    metavar="PATH",
    words=Words(
        "记录文件（.jsonl、.csv、.xlsx）或文件夹，可写多次",
        "files of records (.jsonl, .csv, .xlsx) or folders; may be repeated",
    ),
)
@option(
    "--cases",
    "cases",
    metavar="DIR",
    words=Words(
        "个案文件夹，文件名为户编号；受影响的户再裁断",
        "a folder of cases named after households; those affected are decided again",
    ),
)
@option(
    "--roster",
    metavar="FILE",
    words=Words(
        "花名册（CSV：证件号码,户,人员），记录按证件号码对应到户；号码用过即弃",
        "a CSV file (id_number, household, person) by which records find their household; the numbers are not kept",
    ),
)
@option(
    "--out",
    "out",
    metavar="DIR",
    words=Words(
        "写到这个文件夹：预警、Excel、裁断、未采用的记录",
        "write warnings, a workbook, decisions and what was set aside to this folder",
    ),
)
@option(
    "--since",
    "since",
    type=Day(),
    metavar="DATE",
    words=Words("从这一天起逐日重放到 --as-of", "replay day by day from this day to --as-of"),
)
@option(
    "--with",
    "extra",
    multiple=True,
    metavar="FILE",
    words=Words("另加监测规则文件，可写多次", "a further file of monitors; may be repeated"),
)
@option(
    "--engine",
    type=OneOf("auto", "durable_rules", "matcher"),
    default="auto",
    words=Words("用哪个引擎；结果相同", "which engine matches; the warnings are the same"),
)
@asking_options
@json_option
@language_option
def command(
    records: tuple[str, ...],
    cases: str | None,
    roster: str | None,
    out: str | None,
    since: dt.date | None,
    extra: tuple[str, ...],
    engine: str,
    as_json: bool,
    **asked: Any,
) -> int:
    """Read records and warn."""
    asking = Asking(**asked)
    if asking.as_of is None:
        words = Words("没有写 --as-of：看哪一天的情况", "--as-of is missing: as of which day")
        raise UsageMistake(
            words, Words("如 --as-of 2025-06-30", "such as --as-of 2025-06-30"), click.get_current_context()
        )
    if since is not None and since > asking.as_of:
        words = Words("--since 晚于 --as-of", "--since is later than --as-of")
        raise UsageMistake(words, None, click.get_current_context())
    run = _Run(asking, asking.as_of, engine, out is not None)
    run.load([Path(path) for path in extra])
    run.take_in([Path(path) for path in records], Path(roster) if roster else None)
    run.match(since)
    if cases is not None:
        run.decide(Path(cases))
    if out is not None:
        run.write(Path(out))
    click.echo(json_text(run.to_json()) if as_json else "\n".join(run.summary()))
    if not as_json:
        tell(run.remarks, current())
    return severity(run.remarks)


@dataclass
class _Run:
    """One run of the command, step by step."""

    asking: Asking
    as_of: dt.date
    engine: str
    written: bool = False
    """Whether everything is written to files, which the summary then names."""
    book: MonitorBook = field(init=False)
    intake: Intake = field(init=False)
    watched: Watched = field(init=False)
    replayed: Replayed | None = None
    redecided: list[Redecided] = field(default_factory=list)
    without_case: int = 0
    remarks: list[Problem] = field(default_factory=list)

    def load(self, extra: list[Path]) -> None:
        """Read the rulebook and its monitors. Raises :class:`ProblemsFound`."""
        from minzheng_rules.monitor.book import MonitorBook

        rulebook = self.asking.book()
        self.book = MonitorBook.load(rulebook_folder(self.asking.rulebook), rulebook=rulebook, extra=extra)

    def take_in(self, paths: list[Path], roster: Path | None) -> None:
        """Read the records. Raises :class:`ProblemsFound` where there are none."""
        import os

        from minzheng_rules.monitor.intake import Intake, Roster, read_roster, record_files

        salt = os.environ.get(SALT_VARIABLE)
        people = Roster(salt.encode()) if salt else Roster()
        if roster is not None:
            if not roster.is_file():
                raise RequestProblems(
                    [Problem("request.roster", Words("没有这个文件", "there is no such file"), Place(str(roster)))]
                )
            self.remarks += read_roster(roster, people)
        self.intake = Intake(self.book, people)
        files = [file for path in paths for file in record_files(path)]
        with _progress(Words("读取记录", "reading records"), len(files)) as step:
            for file in files:
                self.intake.read(file)
                step(1)
        self.remarks += self.intake.remarks

    def match(self, since: dt.date | None) -> None:
        """Find the warnings, and those of every day where that is asked for."""
        from minzheng_rules.monitor.watching import watch, watch_days

        holdings = self.intake.holdings
        households = len(holdings.households)
        with _progress(Words("比对", "matching"), households) as step:
            self.watched = watch(self.book, holdings, self.as_of, engine=self.engine, progress=step)
        if since is not None:
            with _progress(Words("逐日重放", "replaying"), households) as step:
                self.replayed = watch_days(self.book, holdings, since, self.as_of, engine=self.engine, progress=step)

    def decide(self, folder: Path) -> None:
        """Decide the affected households that there is a case of."""
        from minzheng_rules.monitor.deciding import redecide

        files = _case_files(folder)
        affected = list(dict.fromkeys(warning.household for warning in self.watched.warnings))
        with _progress(Words("再裁断", "deciding again"), len(affected)) as step:
            for household in affected:
                file = files.get(household)
                if file is None:
                    self.without_case += 1
                else:
                    try:
                        records = self.intake.holdings.known(household, self.as_of.toordinal())
                        case = self._case(file)
                        self.redecided.append(
                            redecide(household, case, records, self.book, self.as_of, self.asking.programs)
                        )
                    except ProblemsFound as wrong:
                        self.remarks += wrong.problems
                step(1)
        for one in self.redecided:
            self.remarks += [_about(problem, one.household) for problem in one.problems]

    def _case(self, file: Path) -> Case:
        from minzheng_rules.case.case import Case

        return Case.read(file, self.book.rulebook.model)

    # -- what comes out ------------------------------------------------------------------------------------------

    def write(self, folder: Path) -> None:
        """Write everything to a folder. Raises :class:`ProblemsFound` where that cannot be done."""
        from minzheng_rules.monitor import outputs

        folder.mkdir(parents=True, exist_ok=True)
        set_aside = self.set_aside()
        write_whole(folder / "warnings.jsonl", outputs.warnings_json(self.watched.warnings, self.book))
        write_whole(folder / "set_aside.csv", outputs.set_aside_csv(set_aside))
        write_whole(folder / "report.json", json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n")
        if self.replayed is not None:
            write_whole(folder / "replay.jsonl", outputs.raised_json(self.replayed.raised, self.book))
        if self.redecided:
            write_whole(folder / "redecided.jsonl", outputs.json_lines(one.to_json() for one in self.redecided))
            trails = folder / "trails"
            trails.mkdir(exist_ok=True)
            for one in self.redecided:
                if any(outputs.matters(change) for change in one.changes):
                    name = f"{outputs.file_name(one.household)}.md"
                    write_whole(trails / name, outputs.trail_markdown(one, current().lang))
        try:
            outputs.write_workbook(
                folder / "warnings.xlsx", self.watched, self.redecided, set_aside, self.book, current().lang
            )
        except ImportError:
            what = Words("没有写 Excel：没有安装 xlsxwriter", "no workbook was written: xlsxwriter is not installed")
            step = Words("pip install 'minzheng_rules[monitor]'", "pip install 'minzheng_rules[monitor]'")
            self.remarks.append(Problem("output.no-excel", what, Place(str(folder)), step, "warning"))

    def set_aside(self) -> list[Problem]:
        """Records that were not used, with the reasons."""
        return [*self.intake.set_aside, *self.intake.holdings.contradictions()]

    def to_json(self) -> dict[str, Any]:
        """The run in numbers."""
        from minzheng_rules.monitor.outputs import counts_by_monitor

        counts = counts_by_monitor(self.watched.warnings)
        return {
            "format": FORMAT,
            "as_of": self.as_of.isoformat(),
            "place": self.book.rulebook.place,
            "overlays": list(self.book.rulebook.overlays),
            "rulebook_digest": self.book.rulebook.digest,
            "records": dict(sorted(self.intake.counts.items())),
            "duplicates": self.intake.holdings.duplicates,
            "set_aside": len(self.set_aside()),
            "households": self.watched.households,
            "warnings": [
                {"level": level, "zh": words.zh, "en": words.en, "count": count} for level, words, count in counts
            ],
            "idle": [{"monitor": i.monitor.id, "zh": i.why.zh, "en": i.why.en} for i in self.watched.idle],
            "engine": self.watched.engine.to_json(),
            "decided_again": len(self.redecided),
            "without_case": self.without_case,
            "replayed": None if self.replayed is None else len(self.replayed.raised),
        }

    def summary(self) -> Iterator[str]:
        """What is shown on the terminal."""
        session, lang, colour = current(), current().lang, colours(sys.stdout)
        report = self.watched.engine
        records = sum(self.intake.counts.values())
        set_aside = self.set_aside()
        yield session.say(
            f"截至 {self.as_of}：{records:,} 条记录，{self.watched.households:,} 户，{len(self.watched.warnings):,} 条预警",
            f"As of {self.as_of}: {records:,} records, {self.watched.households:,} households, {len(self.watched.warnings):,} warnings",
        )
        if set_aside or self.intake.holdings.duplicates:
            yield session.say(
                f"重复 {self.intake.holdings.duplicates} 条；没有采用 {len(set_aside)} 条"
                + ("，原因见 set_aside.csv" if self.written else ""),
                f"{self.intake.holdings.duplicates} came twice; {len(set_aside)} were set aside"
                + (", see set_aside.csv" if self.written else ""),
            )
            for problem in set_aside[:3]:
                yield f"  {problem.place}{session.say('：', ': ')}{problem.what.say(lang)}"
        yield from self._warnings(session, colour)
        yield from self._changes(session)
        if self.replayed is not None:
            cleared = sum(one.cleared_on is not None for one in self.replayed.raised)
            yield session.say(
                f"逐日重放 {self.replayed.first} 至 {self.replayed.last}：先后预警 {len(self.replayed.raised)} 次，其中 {cleared} 次已消除",
                f"Day by day from {self.replayed.first} to {self.replayed.last}: {len(self.replayed.raised)} warnings, {cleared} of them cleared",
            )
        yield from self._engine(session)
        if report.wanted == "matcher" and report.why and self.engine != "matcher":
            yield session.say(
                f"引擎：matcher（{report.why}），结果相同", f"Engine: matcher ({report.why}); the warnings are the same"
            )

    def _warnings(self, session: Session, colour: bool) -> Iterator[str]:
        from minzheng_rules.monitor.outputs import counts_by_monitor
        from minzheng_rules.monitor.warnings import LEVEL_WORDS, cited, evidence_text, row_text

        lang = session.lang
        styles = {"red": "false", "orange": "open", "yellow": "aside"}
        if self.watched.warnings:
            yield ""
        for level, words, count in counts_by_monitor(self.watched.warnings):
            mark = paint([Span(f"[{LEVEL_WORDS[level].say(lang)}]", styles[level])], colour)
            yield f"  {mark} {count:>6,}  {words.say(lang)}"
        shown = self.watched.warnings[:_MOST_SHOWN]
        for warning in shown:
            yield ""
            who = session.say("，", ", ").join(part for part in (warning.household, warning.person) if part)
            mark = paint([Span(f"[{LEVEL_WORDS[warning.level].say(lang)}]", styles[warning.level])], colour)
            yield f"{mark} {warning.monitor.words.say(lang)}{session.say('：', ': ')}{who}"
            for record in warning.evidence[:6]:
                yield f"    · {evidence_text(record, self.book, lang)}"
            if len(warning.evidence) > 6:
                yield session.say(f"    · ……共 {len(warning.evidence)} 条", f"    · … {len(warning.evidence)} in all")
            for table, number in warning.rows:
                yield f"    · {row_text(table, number, self.book, self.as_of, lang)}"
            under = session.say("；", "; ").join(
                cited(cite, self.book.rulebook.sources, lang) for cite in warning.cites
            )
            yield f"    {session.say('依据', 'under')}{session.say('：', ': ')}{under}"
            if warning.due is not None:
                late = session.say("，已逾期", ", overdue") if warning.overdue else ""
                yield f"    {session.say('期限', 'by')} {warning.due}{late}"
            for step in warning.steps[:1]:
                yield f"    → {step.words.say(lang)}"
        rest = len(self.watched.warnings) - len(shown)
        if rest:
            yield session.say(
                f"……另有 {rest:,} 条，"
                + ("见 warnings.jsonl 和 warnings.xlsx" if self.written else "加 --out DIR 全部写出"),
                f"… {rest:,} more"
                + (" in warnings.jsonl and warnings.xlsx" if self.written else ": write them all with --out DIR"),
            )

    def _changes(self, session: Session) -> Iterator[str]:
        from minzheng_rules.monitor.outputs import change_rows, matters

        if not self.redecided and not self.without_case:
            return
        changed = [one for one in self.redecided if any(matters(change) for change in one.changes)]
        yield ""
        yield session.say(
            f"再裁断 {len(self.redecided)} 户，{len(changed)} 户的待遇有变化；{self.without_case} 户没有个案",
            f"{len(self.redecided)} households decided again, {len(changed)} with other entitlements; {self.without_case} have no case",
        )
        for one in changed[:_MOST_SHOWN]:
            kept = {(c.program, c.subject) for c in one.changes if matters(c)}
            programs = {
                (c.words.say(session.lang), c.subject_words.say(session.lang))
                for c in one.changes
                if (c.program, c.subject) in kept
            }
            yield f"  {one.household}"
            for row in change_rows(one, session.lang):
                if (row["program"], row["subject"]) in programs:
                    amounts = f" {row['amount_before']} → {row['amount_after']}" if row["amount"] else ""
                    difference = session.say("（{}）", " ({})").format(row["difference"]) if row["difference"] else ""
                    says = f"{row['before']} → {row['after']}" if row["before"] != row["after"] else row["after"]
                    yield f"    {row['program']}·{row['subject']}{session.say('：', ': ')}{says}{amounts}{difference}{session.say('，自 ', ', from ')}{row['since']}"
        if self.book.rulebook.overlays:
            named = "、".join(self.book.rulebook.overlays)
            yield session.say(
                f"（用了补充值 {named}，金额只作演示）",
                f"(figures of {named} were used: the amounts are for illustration only)",
            )

    def _engine(self, session: Session) -> Iterator[str]:
        report = self.watched.engine
        for idle in self.watched.idle:
            yield session.say(
                f"“{idle.monitor.text.term}”没有运行：{idle.why.zh}", f"`{idle.monitor.id}` did not act: {idle.why.en}"
            )
        if report.failures:
            yield session.say(
                f"C 引擎中断 {len(report.failures)} 次（{report.failures[0]}），{report.households_by_matcher} 户由 matcher 补完，没有遗漏",
                f"the C engine was lost {len(report.failures)} times ({report.failures[0]}); the matcher did {report.households_by_matcher} households, none is missing",
            )


def _case_files(folder: Path) -> dict[str, Path]:
    """Case files by household: the name of the file is the household's number."""
    if not folder.is_dir():
        raise RequestProblems(
            [Problem("request.cases", Words("没有这个文件夹", "there is no such folder"), Place(str(folder)))]
        )
    return {file.stem: file for file in sorted(folder.rglob("*")) if file.suffix in (".yaml", ".yml", ".json")}


def _about(problem: Problem, household: str) -> Problem:
    from dataclasses import replace

    return replace(problem, place=replace(problem.place, file=problem.place.file or household), severity="warning")


@contextmanager
def _progress(words: Words, length: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, on terminals only."""
    if not sys.stderr.isatty() or length == 0:
        yield lambda _done: None
        return
    with click.progressbar(length=length, label=words.say(current().lang), file=sys.stderr) as bar:
        yield bar.update
