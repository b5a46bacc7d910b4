"""`minzheng demo`: the example households, one of them explained, and where to go from there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from minzheng_rules.cli.asking import language_option
from minzheng_rules.cli.commanding import Command
from minzheng_rules.cli.session import Session, colours, current, terminal_width
from minzheng_rules.cli.shortening import short_text
from minzheng_rules.problems import Words
from minzheng_rules.trail.rendering.layout import Span, display_width, paint, wrap

if TYPE_CHECKING:
    from minzheng_rules.evaluator.decision import Decision, Outcome
    from minzheng_rules.rulebook.rulebook import Rulebook

OVERLAY: Final = "illustrative"
PROGRAMS: Final = ("dibao", "dibao_edge", "dibao_single")
"""What the screen is about; the rulebook has more, which would crowd it."""
EXPLAINED: Final = "just_over_the_line"
WAITING: Final = "family_with_missing_data"
_DEPTH: Final = 4
_TOLD: Final = 3
"""How many answers of a case of another kind are shown, and how many figures of each."""
_LINE: Final = "household.income_below_standard"
_WIDEST: Final = 110

_WORDS = Words(
    "用示例数字裁断几户虚构的家庭：结论和金额、一户的理由、一户还缺什么。",
    "Decide a few invented households with illustrative figures: outcomes and amounts, the reasons for one, what another "
    "still has to bring.",
)

STORIES: Final = {
    "two_elderly_on_a_pension": (
        Words("靠养老金生活的老年夫妻", "Two elderly people on a pension"),
        Words("基础养老金到 2025 年底不计入收入", "the basic pension is not counted until the end of 2025"),
    ),
    "single_mother": (
        Words("单亲母亲和孩子", "A single mother and her child"),
        Words("抚养费计入，育儿补贴不计入", "maintenance counts, the child-rearing subsidy does not"),
    ),
    "family_of_a_prisoner": (
        Words("父亲在服刑", "The father is in prison"),
        Words("服刑的人不计入家庭人口", "who serves a sentence is not counted in the household"),
    ),
    "student_in_the_family": (
        Words("两个孩子在读", "Two children in study"),
        Words("读本科的计入家庭，读研究生的不计入", "the undergraduate is counted, the postgraduate is not"),
    ),
    "mixed_hukou_family": (
        Words("丈夫和孩子是外省户籍", "Husband and child registered elsewhere"),
        Words("户籍和居住都在本地的妻子为全家申请", "the wife, registered where she lives, applies for all three"),
    ),
    "grandchild_with_grandparents": (
        Words("祖父母抚养的孙女", "A grandchild with her grandparents"),
        Words("经认定长期共同居住，计入家庭", "found to live with them for good, she is counted"),
    ),
    "severely_disabled_child": (
        Words("重度残疾的孩子", "A severely disabled child"),
        Words("浙江对低保家庭的重残成员全额发放", "Zhejiang pays the severely disabled member in full"),
    ),
    "new_job_while_on_dibao": (
        Words("享受低保期间找到工作", "A new job while on the allowance"),
        Words("因就业增加的收入，一定期限内部分不计入", "for some months a part of the new wage is not counted"),
    ),
    "disabled_adult_with_old_parents": (
        Words("重残的成年子女与年老的父母", "A disabled adult with old parents"),
        Words("家庭不符合，本人可以单独申请", "the family is not entitled, but the adult may apply alone"),
    ),
    "serious_illness_in_an_edge_family": (
        Words("低保边缘家庭里的重病人", "A serious illness in a family on the edge"),
        Words("家庭是低保边缘，病人可以单独申请", "the family is on the edge, and the patient may apply alone"),
    ),
    "just_over_the_line": (
        Words("收入刚刚超过标准", "Just over the line"),
        Words("不是低保，是低保边缘", "not the allowance, but the edge of it"),
    ),
    "family_with_missing_data": (
        Words("材料还没有齐", "Not all papers are there yet"),
        Words("没有填的就是不知道，不当作没有", "what nobody gave is unknown, and never taken for zero"),
    ),
    "carer_with_a_new_certificate": (
        Words("刚取得证书的护理员", "A carer with a new certificate"),
        Words(
            "指导工资按示例表，只是参考；入职奖补分三期",
            "a guide wage by an invented table; an entry award in three instalments",
        ),
    ),
    "falls_after_a_stroke": (
        Words("中风后跌倒两次", "Two falls after a stroke"),
        Words(
            "六十分是中度，三十天内两次跌倒提高一级",
            "sixty points are moderate; two falls within thirty days raise it by one",
        ),
    ),
    "nephew_in_his_fathers_place": (
        Words("特困人员的遗产", "The estate of a man in tekun support"),
        Words(
            "照料他的邻居有协议，弟弟已去世，由侄子代位",
            "the neighbour who cared has an agreement, a nephew takes his father's place",
        ),
    ),
    "end_of_2024": (
        Words("年终填报的工作指标", "A report at the end of the year"),
        Words("逐项说是否达到、差多少", "target by target: reached, or short by how much"),
    ),
}
"""The examples in the order they are shown: what each is called, and what to notice about it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example household, decided."""

    path: Path
    title: Words
    point: Words | None
    decision: Decision


@click.command(cls=Command, words=_WORDS)
@language_option
def command() -> None:
    """Show the example households."""
    from minzheng_rules.rulebook.rulebook import Rulebook

    screen = _Screen(current(), min(terminal_width() or 100, _WIDEST), colours(sys.stdout))
    book = Rulebook.load(overlays=[OVERLAY])
    examples = decided_examples(book)
    click.echo("\n".join(screen.lines(examples, other_examples(), book)), color=screen.colour)


def examples_folder() -> Path:
    """Where the example cases lie: in the package, or in the work tree."""
    from minzheng_rules.rulebook.loading import shipped_folder

    return shipped_folder() / "examples" / "cases"


def decided_examples(book: Rulebook) -> list[Example]:
    """Every example with its decision: those with a story first, in its order."""
    from minzheng_rules.case.case import Case
    from minzheng_rules.evaluator.deciding import decide

    order = list(STORIES)
    paths = sorted(examples_folder().glob("*.yaml"))
    paths.sort(key=lambda path: order.index(path.stem) if path.stem in STORIES else len(order))
    found = []
    for path in paths:
        case = Case.read(path)
        title, point = STORIES.get(path.stem, (Words(case.title, case.title), None))
        found.append(Example(path, title, point, decide(case, book, programs=PROGRAMS)))
    return found


def other_examples() -> list[Example]:
    """One example of each other kind of case, decided by everything there is about it."""
    from minzheng_rules.case.case import Case
    from minzheng_rules.case.kinds import KINDS
    from minzheng_rules.evaluator.deciding import decide
    from minzheng_rules.rulebook.rulebook import Rulebook

    found = []
    for kind in KINDS:
        for path in sorted((examples_folder() / kind).glob("*.yaml"))[:1]:
            case = Case.read(path)
            title, point = STORIES.get(path.stem, (Words(case.title, case.title), None))
            book = Rulebook.load(place=case.place, overlays=[OVERLAY], kind=kind)
            found.append(Example(path, title, point, decide(case, book)))
    return found


class _Screen:
    """Lays the demonstration out for one language and width."""

    def __init__(self, session: Session, width: int, colour: bool) -> None:
        self.session, self.width, self.colour = session, width, colour
        self.lang = session.lang

    def lines(self, examples: Sequence[Example], others: Sequence[Example], book: Rulebook) -> Iterator[str]:
        """The whole screen."""
        yield from self._head(book)
        for example in examples:
            yield from self._household(example)
        yield ""
        yield from self._line([Span(self.session.say("其他种类的个案", "Other kinds of case"), "strong")])
        for example in others:
            yield from self._other(example)
        by_name = {example.path.stem: example for example in examples}
        yield from self._reasons(by_name[EXPLAINED])
        yield from self._to_bring(by_name[WAITING])
        yield from self._next(by_name[EXPLAINED].path)

    def _head(self, book: Rulebook) -> Iterator[str]:
        title = self.session.say(
            "示例家庭能否享受低保", "The subsistence allowance (低保, dibao) for example households"
        )
        yield from self._line([Span(f"{title}{self._colon}{book.name.say(self.lang)}", "strong")])
        warning = self.session.say(
            "全部是示例：家庭是虚构的，低保标准等数字只为演示，不是海宁或任何地方的标准。",
            "All of this is illustrative: the households are invented, and the standard and other figures are those of no place.",
        )
        yield from self._line([Span(f"! {warning}", "weak")], after="  ")
        yield ""

    def _household(self, example: Example) -> Iterator[str]:
        from minzheng_rules.trail.wording import DECISION_STATES, MARKS

        leading = _leading(example.decision)
        state = DECISION_STATES[leading[0].status.value]
        yield from self._line([Span(f"{MARKS[state]} ", state.value), *self._titled(example)], after="  ")
        answer = self.session.say("；", "; ").join(self._answer(outcome) for outcome in leading)
        # The badge leads, so that no line can break it in two.
        rests_on_it = any(outcome.weakest == OVERLAY for outcome in leading)
        told = [Span(self.session.say("〔示例〕", "[illustrative] "), "weak")] if rests_on_it else []
        told.append(Span(answer, state.value))
        distance = self._distance(example.decision)
        if distance:
            told += [Span("  "), Span(distance, "aside")]
        yield from self._line(told, "    ")

    def _other(self, example: Example) -> Iterator[str]:
        """A case of another kind: what it is, and the first of what is said about it."""
        from minzheng_rules.trail.wording import DECISION_STATES, MARKS

        leading = _leading(example.decision)[:_TOLD]
        state = DECISION_STATES[leading[0].status.value]
        yield from self._line([Span(f"{MARKS[state]} ", state.value), *self._titled(example)], after="  ")
        for outcome in leading:
            told = [Span(self.session.say("〔示例〕", "[illustrative] "), "weak")] if outcome.weakest == OVERLAY else []
            told.append(Span(self._answer(outcome), state.value))
            results = [
                f"{result.name.say(self.lang)} {result.value.say(self.lang)}"
                for result in list(outcome.results.values())[:_TOLD]
            ]
            if results:
                told += [Span("  "), Span(self.session.say("，", ", ").join(results), "aside")]
            yield from self._line(told, "    ", "      ")

    def _titled(self, example: Example) -> list[Span]:
        spans = [Span(example.title.say(self.lang), "strong")]
        if example.point is not None:
            spans.append(Span(self._colon + example.point.say(self.lang)))
        return spans

    def _answer(self, outcome: Outcome) -> str:
        """A program with its verdict, or with what it pays."""
        from minzheng_rules.trail.summary import amount_text, verdict
        from minzheng_rules.trail.wording import noted

        said = verdict(outcome, self.lang)
        if outcome.amount is not None and outcome.status.value != "ineligible":
            said = amount_text(outcome.amount, self.lang)
        text = f"{outcome.program_words.say(self.lang)} {said}"
        about = outcome.subject_words.say(self.lang)
        return text if outcome.subject == "household" else noted(text, about, self.lang)

    def _distance(self, decision: Decision) -> str:
        """How far the household's income lies from the line of the first program."""
        nodes = decision.outcome(PROGRAMS[0]).trail.walk()
        margin = next((node.margin for node in nodes if node.id.startswith(_LINE) and node.margin is not None), None)
        if margin is None:
            return ""
        return self.session.say(f"全家收入比低保线{margin.zh}", f"income {margin.en} the line")

    def _reasons(self, example: Example) -> Iterator[str]:
        title = self.session.say("为什么", "Why")
        yield ""
        yield from self._line([Span(f"{title}{self._colon}{example.title.say(self.lang)}", "strong")])
        outcome = example.decision.outcome(PROGRAMS[0])
        yield short_text([outcome.trail], _DEPTH, self.lang, self.width, self.colour)

    def _to_bring(self, example: Example) -> Iterator[str]:
        from minzheng_rules.trail.entries import to_bring

        title = self.session.say("还缺什么", "What is still missing")
        yield ""
        yield from self._line([Span(f"{title}{self._colon}{example.title.say(self.lang)}", "strong")])
        outcome = example.decision.outcome(PROGRAMS[0])
        yield from self._line([Span("? ", "undetermined"), Span(self._answer(outcome), "undetermined")], after="  ")
        for missing in outcome.missing:
            about = missing.words.say(self.lang)
            if missing.subject and missing.subject != outcome.subject_words.zh:
                about += self.session.say(f"（{missing.subject}）", f" ({missing.whom('en')})")
            yield from self._line(
                [Span(f"· {to_bring(missing.kind, about, tuple(missing.who), self.lang)}")], "  ", "    "
            )

    def _next(self, path: Path) -> Iterator[str]:
        shown = _shown(path)
        folder = str(Path(shown).parent)
        yield ""
        yield from self._line([Span(self.session.say("接着试试", "Now try"), "strong")])
        yield from self._command(f"minzheng explain {shown}", f"--overlay {OVERLAY} --program {PROGRAMS[0]}")
        yield from self._command(f"minzheng decide {folder}{os.sep}*.yaml", f"--overlay {OVERLAY}")
        yield "  minzheng parameters --status unknown"
        yield "  minzheng template -o case.yaml"

    def _command(self, command: str, options: str) -> Iterator[str]:
        """A command to copy, on two lines where one is too short for it."""
        if display_width(command) + len(options) + 3 <= self.width:
            yield f"  {command} {options}"
        else:
            yield f"  {command} \\"
            yield f"      {options}"

    @property
    def _colon(self) -> str:
        return self.session.say("：", ": ")

    def _line(self, spans: list[Span], own: str = "", after: str | None = None) -> Iterator[str]:
        """Styled text on as many lines as it takes."""
        indent, following = own, own if after is None else after
        for part in wrap(spans, self.width - len(own), self.width - len(following)):
            yield paint([Span(indent), *part], self.colour).rstrip()
            indent = following


def _leading(decision: Decision) -> list[Outcome]:
    """The outcomes worth naming: those that are due, else those still open, else the first program's refusal."""
    for status in ("eligible", "undetermined"):
        found = [outcome for outcome in decision.outcomes if outcome.status.value == status]
        if found:
            return found
    return list(decision.outcomes[:1])


def _shown(path: Path) -> str:
    """A path as somebody would type it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
