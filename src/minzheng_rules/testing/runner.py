"""Running worked cases: for ``minzheng test``, for the pytest plugin, and from Python.

The form of a file is described in :mod:`minzheng_rules.testing.worked`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from minzheng_rules.case.entity import Entity
from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.evaluator.decision import Decision
from minzheng_rules.problems import Problem, ProblemsFound, Words
from minzheng_rules.rulebook.reforming import refuse_without_effect
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.testing.differences import Change, changes
from minzheng_rules.testing.expectations import Failure, Mismatch, misdirected, outcome_of, unmet, unwarned
from minzheng_rules.testing.worked import Setting, WorkedCase, read_worked_cases

SUFFIXES = (".yaml", ".yml", ".json")
_MOST_CHANGES = 30


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one worked case, or one variant of it, came out."""

    file: str
    line: int
    about: str
    expected: int
    """How many outcomes something was expected of."""
    failures: tuple[Failure, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    """What is otherwise than expected of the case as a whole."""
    problems: tuple[Problem, ...] = ()
    """Why it could not be run as it is written."""
    since_base: tuple[Change, ...] = ()
    """For a variant that failed: the deciding steps that differ from the case it varies."""

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failures and not self.mismatches and not self.problems

    @property
    def differs(self) -> bool:
        """Whether it could be run, and something came out otherwise than expected."""
        return bool(self.failures or self.mismatches)

    def say(self, lang: str = "zh", width: int = 110) -> str:
        """What was expected, what came out, and why: the deciding steps, and for a variant what differs from its base."""
        return "\n".join(self._lines(lang, width))

    def _lines(self, lang: str, width: int) -> Iterator[str]:
        english = lang == "en"
        yield f"{'✓' if self.passed else '✗'} {self.file}:{self.line} {self.about}".rstrip()
        for problem in self.problems:
            yield _indented(problem.say(lang), 2)
        for mismatch in self.mismatches:
            yield f"  {mismatch.say(lang)}"
        for failure in self.failures:
            outcome = failure.outcome
            yield f"  {outcome.program_words.say(lang)} · {outcome.subject_words.say(lang)}"
            for mismatch in failure.mismatches:
                yield f"    {mismatch.say(lang)}"
        if self.since_base:
            yield "  Against the case it varies (before → here):" if english else "  与所变的例子相比（原例 → 这里）："
            for change in self.since_base[:_MOST_CHANGES]:
                yield f"    {change.say(lang)}"
            more = len(self.since_base) - _MOST_CHANGES
            if more > 0:
                yield f"    … and {more} more" if english else f"    ……另有 {more} 处"
        for failure in self.failures:
            yield "  Why it came out so:" if english else "  得到这一结果的理由："
            yield _indented(_reasons(failure, lang, width - 4), 4)


def run_paths(
    paths: Iterable[str | Path],
    rulebook_path: str | Path | None = None,
    *,
    vocabulary: Sequence[type[Entity]] | None = None,
) -> list[CaseResult]:
    """Run every worked case under some files and folders.

    ``rulebook_path`` is a folder with ``rules/`` and ``policies/``, ``vocabulary`` the models of its cases; without them
    the rulebook that ships with the library. A file that cannot be read gives one result with the problems.

    >>> run_paths([])
    []
    """
    shelf = Shelf(rulebook_path, vocabulary=vocabulary)
    return [result for path in files(paths) for result in run_file(path, shelf)]


def files(paths: Iterable[str | Path]) -> list[Path]:
    """The files of worked cases under some files and folders, in order."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            found.extend(sorted(inner for inner in path.rglob("*") if inner.suffix in SUFFIXES and inner.is_file()))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


class Shelf:
    """The rulebooks of a run, each loaded once for a place, its overlays and the figures given."""

    def __init__(self, path: str | Path | None = None, *, vocabulary: Sequence[type[Entity]] | None = None) -> None:
        self.path, self.vocabulary = path, vocabulary
        self._loaded: dict[object, Rulebook] = {}

    def rulebook(self, setting: Setting, folder: Path, kind: str | None = None) -> Rulebook:
        """The rulebook a worked case is decided by. Raises what :meth:`Rulebook.load` raises."""
        overlays = tuple(_overlay(overlay, folder) for overlay in setting.overlays)
        reform = setting.reform
        key = (kind, setting.place, overlays, setting.parameters, setting.accept, reform and (reform.id, reform.digest))
        found = self._loaded.get(key)
        if found is None and reform is not None:
            unreformed = self.rulebook(replace(setting, reform=None), folder, kind)
            found = self._loaded[key] = unreformed.reform(reform)
        if found is None:
            given = [dict(setting.parameters)] if setting.parameters else []
            found = self._loaded[key] = Rulebook.load(
                self.path,
                place=setting.place,
                overlays=[*overlays, *given],
                vocabulary=self.vocabulary,
                accept=setting.accept,
                kind=kind,
            )
        return found


def run_file(path: Path, shelf: Shelf) -> list[CaseResult]:
    """Run the worked case of one file and its variants."""
    try:
        cases = read_worked_cases(path)
    except ProblemsFound as wrong:
        line = wrong.problems[0].place.line if wrong.problems else 0
        return [CaseResult(str(path), line, "", 0, problems=wrong.problems)]
    return [run(worked, shelf) for worked in cases]


def run(worked: WorkedCase, shelf: Shelf) -> CaseResult:
    """Decide one worked case and compare the outcomes with what is expected of them."""
    about = {"file": worked.file, "line": worked.line, "about": worked.about, "expected": len(worked.expectations)}
    try:
        rulebook = shelf.rulebook(worked.setting, Path(worked.file).parent, worked.kind)
        decision = _decide(worked, rulebook)
        if worked.setting.reform is not None:
            unreformed = shelf.rulebook(replace(worked.setting, reform=None), Path(worked.file).parent, worked.kind)
            refuse_without_effect(unreformed, rulebook, decision.as_of)
    except ProblemsFound as wrong:
        return CaseResult(**about, problems=_placed(worked, wrong.problems))  # type: ignore[arg-type]  # by name
    problems = (*_ignored(worked, rulebook, decision), *misdirected(worked, decision, rulebook))
    if problems:
        return CaseResult(**about, problems=problems)  # type: ignore[arg-type]
    failures = tuple(_failures(worked, decision))
    since = tuple(_since_base(worked, failures, shelf)) if failures else ()
    mismatches = tuple(unwarned(worked, decision))
    return CaseResult(**about, failures=failures, mismatches=mismatches, since_base=since)  # type: ignore[arg-type]


def _decide(worked: WorkedCase, rulebook: Rulebook) -> Decision:
    model = rulebook.vocabulary.kinds[rulebook.vocabulary.root].model
    return decide(worked.case(model), rulebook)


def _failures(worked: WorkedCase, decision: Decision) -> Iterator[Failure]:
    for expectation in worked.expectations:
        outcome = outcome_of(expectation, decision)
        assert outcome is not None, "misdirected() has seen to it"
        mismatches = unmet(expectation, outcome)
        if mismatches:
            yield Failure(outcome, mismatches)


def _since_base(worked: WorkedCase, failures: Iterable[Failure], shelf: Shelf) -> list[Change]:
    """What decides otherwise than in the case a variant varies, for the programs that failed."""
    if worked.base is None:
        return []
    try:
        before = _decide(worked.base, shelf.rulebook(worked.base.setting, Path(worked.file).parent))
    except ProblemsFound:
        return []
    now = [failure.outcome.trail for failure in failures]
    ids = {root.id for root in now}
    return changes([outcome.trail for outcome in before.outcomes if outcome.trail.id in ids], now)


def _ignored(worked: WorkedCase, rulebook: Rulebook, decision: Decision) -> Iterator[Problem]:
    """Figures that were given although the rulebook has another: what is given fills only what is unknown."""
    rules = rulebook.on(decision.as_of)
    for name, written in worked.setting.parameters:
        parameter = next((p for p in rulebook.parameters.values() if name in (p.id, p.term)), None)
        figure = rules.reading(parameter.id).figure if parameter is not None else None
        if parameter is None or figure is None or figure.overlay or figure.value is None:
            continue
        given = next((f for f in parameter.figures.get((), ()) if f.layer.startswith("overlay:inline-")), None)
        if given is not None and given.value != figure.value:
            yield Problem(
                "worked.parameter-known",
                Words(
                    f"“{name}”在 {decision.as_of} 已有别的值，给出的 {written} 不会用到：补充值只填未知的数",
                    f"`{name}` has another value on {decision.as_of}, so {written} is not used: figures given fill only the unknown",
                ),
                worked.place((*worked.setting.parameters_at, name), True),
            )


def _placed(worked: WorkedCase, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems of figures given inline, put where they stand in the file."""
    return tuple(_placed_one(worked, problem) for problem in problems)


def _placed_one(worked: WorkedCase, problem: Problem) -> Problem:
    place = problem.place
    if place.file.startswith("overlay:inline-"):
        name = place.text.partition(":")[0].strip()
        place = worked.place((*worked.setting.parameters_at, name), problem.code.startswith("overlay."))
    elif not place.file:
        place = worked.place((*worked.keys, "about"))
    return Problem(problem.code, problem.what, place, problem.next_step, problem.severity)


def _overlay(overlay: str, folder: Path) -> str | Path:
    """An overlay of the rulebook by name, or a file beside the worked case."""
    return folder / overlay if Path(overlay).suffix in (".yaml", ".yml") else overlay


def _reasons(failure: Failure, lang: str, width: int) -> str:
    from minzheng_rules.trail.rendering.text import render

    return render([failure.outcome.trail], lang, width=width, colour=False)


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))
