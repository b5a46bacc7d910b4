"""A simulation as one HTML page for somebody who decides: self-contained, to be read offline, printed or sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Final

from minzheng_rules.language.types import Quantity
from minzheng_rules.population.simulation import charts
from minzheng_rules.population.simulation.exact import Total, number
from minzheng_rules.population.simulation.examples import Example, examples
from minzheng_rules.population.simulation.groups import UNKNOWN
from minzheng_rules.population.simulation.sheets import Sheet, signed
from minzheng_rules.population.simulation.standing import (
    rests_on_illustrative,
    said_provenance,
    standing_sheet,
    standings,
)
from minzheng_rules.population.simulation.sweeping import Sweep, sweep
from minzheng_rules.population.simulation.tables import (
    by_group,
    changes,
    counted_in,
    entries_and_exits,
    overview,
    shown_programs,
    spending_change,
    standing_in_the_way,
    winners,
    winners_by_program,
)
from minzheng_rules.trail.rendering.style import STYLE

if TYPE_CHECKING:
    import altair

    from minzheng_rules.population.simulation.groups import Dimension
    from minzheng_rules.population.simulation.simulating import Simulation
    from minzheng_rules.rulebook.rulebook import Program

_SHOWN_GROUPS: Final = 40
"""A grouping with more groups than this is left to the workbook."""


def report(
    simulation: Simulation,
    *,
    program: str | None = None,
    by: Sequence[str] | None = None,
    lang: str = "zh",
    command: str = "",
    curve: Sweep | None = None,
    count: int = 10,
) -> str:
    """The page. ``program`` is the one in the headline, unless given the first the reform reaches that pays anybody.

    ``by`` names the groupings to show; ``command`` how the simulation was asked for; ``curve`` a sweep to draw in place of the one
    around the figure that changes; ``count`` how many example households to show.
    """
    return "".join(_Report(simulation, program, by, lang, command, curve, count).page())


def headline_program(simulation: Simulation, program: str | None = None) -> Program:
    """The program a report speaks of first: the one asked for, else the first that changes and pays cash to somebody."""
    if program is not None:
        return simulation.program(program)
    found = shown_programs(simulation) or simulation.programs
    paying = [one for one in found if simulation.line(one.id) is not None]
    root = simulation.rulebook.vocabulary.root
    busy = sorted(paying or found, key=lambda one: (one.subject != root, -simulation.caseload(one.id).eligible))
    moved = [one for one in busy if _moves(simulation, one.id)]
    return (moved or busy)[0]


def _moves(simulation: Simulation, program: str) -> bool:
    (one,) = simulation.moves(program)
    return bool(one.enter or one.leave or spending_change(simulation, program).low)


def curve_around(simulation: Simulation, program: str) -> Sweep | None:
    """What the program comes to along the one figure the reform changes; ``None`` unless it is one plain figure."""
    changed = [effect for effect in simulation.effects if effect.kind == "parameter"]
    if len(changed) != 1 or len(simulation.effects) != 1 or changed[0].key:
        return None
    effect = changed[0]
    parameter = simulation.rulebook.parameters[effect.id]
    values = [value for value in (effect.before, effect.after) if isinstance(value, int | Fraction)]
    unit = parameter.type.unit if isinstance(parameter.type, Quantity) else None
    if len(values) != 2 or parameter.is_table:
        return None
    scale = unit.scale if unit is not None else 1
    low, high = sorted(Fraction(value) / scale for value in values)
    steps = _steps(low, high, unit is not None and unit.is_money)
    low_limit, high_limit = (
        Fraction(limit) / scale if isinstance(limit, int | Fraction) else None
        for limit in (parameter.low, parameter.high)
    )
    tried = [v for v in steps if (low_limit is None or v >= low_limit) and (high_limit is None or v <= high_limit)]
    return sweep(
        simulation.population,
        simulation.rulebook,
        {effect.id: [Decimal(value.numerator) / Decimal(value.denominator) for value in tried]},
        as_of=simulation.as_of,
        programs=[program],
        weights=simulation.weights,
    )


def _steps(low: Fraction, high: Fraction, whole: bool) -> list[Fraction]:
    """Values around two, both among them: as far beyond them as they lie apart, at least."""
    step = _round_step((high - low) / 4, whole)
    below = [low - step * at for at in range(4, 0, -1)]
    middle = [low + step * at for at in range(1, 8) if low + step * at < high]
    above = [high + step * at for at in range(1, 5)]
    return [value for value in (*below, low, *middle, high, *above) if value >= 0]


def _round_step(about: Fraction, whole: bool) -> Fraction:
    """The round number (1, 2, 5, 10 …) next below a step; of money at least one yuan."""
    power = Fraction(1)
    while power > about:
        power /= 10
    while power * 10 <= about:
        power *= 10
    step = max(power * digit for digit in (1, 2, 5) if power * digit <= about)
    return max(step, Fraction(1)) if whole else step


class _Report:
    def __init__(
        self,
        simulation: Simulation,
        program: str | None,
        by: Sequence[str] | None,
        lang: str,
        command: str,
        curve: Sweep | None,
        count: int,
    ) -> None:
        self.simulation, self.lang, self.command, self.count = simulation, lang, command, count
        self.program = headline_program(simulation, program)
        asked = simulation.groupings if by is None else tuple(simulation.dimension(name).id for name in by)
        self.by = [id for id in asked if len(simulation.dimension(id).labels) <= _SHOWN_GROUPS]
        self.curve = curve if curve is not None else curve_around(simulation, self.program.id)
        self.standings = standings(simulation, [p.id for p in shown_programs(simulation)] or [self.program.id])
        self.headings: list[tuple[str, str]] = []

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def bracketed(self, text: str) -> str:
        """A text in the brackets of the language."""
        return self.say(f"（{text}）", f" ({text})")

    def page(self) -> Iterator[str]:
        simulation, lang = self.simulation, self.lang
        reform = simulation.reform
        title = reform.title.say(lang) if reform is not None else self.say("现行规则的测算", "What the rules come to")
        sections = list(self.sections())
        yield (
            f'<!DOCTYPE html>\n<html lang="{"en" if lang == "en" else "zh-Hans"}">\n<head>\n<meta charset="utf-8"/>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
            f"<title>{escape(title)}</title>\n<style>{STYLE}{REPORT_STYLE}</style>\n</head>\n<body>\n"
            f'<main class="mz report">\n<p class="kicker">{escape(self.say("政策模拟报告", "Policy simulation"))}</p>\n'
            f"<h1>{escape(title)}</h1>\n{self.about()}{self.banners()}"
        )
        links = "".join(f'<a href="#{id}">{escape(text)}</a>' for id, text in self.headings)
        yield f'<nav aria-label="{escape(self.say("目录", "contents"))}">{links}</nav>\n'
        yield from sections
        yield "</main>\n</body>\n</html>\n"

    # -- head --------------------------------------------------------------------------------------------------------

    def about(self) -> str:
        simulation, reform = self.simulation, self.simulation.reform
        layers = {layer.id: layer.term for layer in simulation.rulebook.layers}
        place = layers.get(simulation.rulebook.place)
        households = f"{number(simulation.weights.total)} {self.say('户', 'households')}"
        if simulation.weights.given:
            rows = f"{len(simulation.population):,}"
            households += self.say(f"（{rows} 户样本，加权）", f" ({rows} sampled, weighted)")
        said = [
            (self.say("审核基准日", "as of"), simulation.as_of.isoformat()),
            (self.say("地区", "place"), place.say(self.lang) if place is not None else simulation.rulebook.place),
            (self.say("人口", "population"), f"{households}{self.say('，', ', ')}{self._persons()}"),
        ]
        if reform is not None:
            said += [
                (self.say("提出", "author"), reform.author),
                (self.say("出处", "reference"), reform.reference),
                (self.say("比较基准", "compared with"), reform.baseline),
            ]
        rows = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in said if text)
        note = f'<p class="note">{escape(reform.note)}</p>' if reform is not None and reform.note else ""
        return f'<dl class="facts">{rows}</dl>{note}'

    def _persons(self) -> str:
        persons = f"{self.simulation.population.persons:,}"
        if self.simulation.weights.given:
            return self.say(f"样本 {persons} 人", f"{persons} persons sampled")
        return self.say(f"{persons} 人", f"{persons} persons")

    def banners(self) -> str:
        found = []
        if self.simulation.population.invented is not None:
            found.append(self.simulation.population.invented.say(self.lang))
        if rests_on_illustrative(self.standings):
            found.append(
                self.say(
                    "用了示例数：其中的标准是为演示编的，不是任何地方的现行标准，结果不能作为决策依据。",
                    "This rests on illustrative figures: standards made up for demonstration, in force nowhere. Decide nothing by it.",
                )
            )
        aside = len(self.simulation.population.set_aside)
        if aside:
            said = self.say(f"{aside} 户因数据有问题没有计入。", f"{aside} households with faulty data are left out.")
            found.append(said)
        return "".join(f'<p class="banner">{escape(text)}</p>' for text in found)

    # -- sections ----------------------------------------------------------------------------------------------------

    def sections(self) -> Iterator[str]:
        simulation = self.simulation
        if simulation.reform is not None:
            yield self.section("changes", self.say("改什么", "What changes"), self.sheet(changes(simulation)))
        yield self.section("headline", self.say("主要结果", "Headline"), self.cards())
        yield self.section(
            "overview", self.say("各项目", "Every program"), self.sheet(self.open_last(overview(simulation)))
        )
        for id in self.by:
            yield self.grouped(id)
        if simulation.reform is not None:
            yield self.section(
                "moves", self.say("纳入和退出", "Entries and exits"), self.sheet(entries_and_exits(simulation))
            )
            if simulation.monthly_lines:
                yield self.section("gains", self.say("谁增加、谁减少", "Who gains and who loses"), self.gains())
        if self.curve is not None:
            yield self.section("curve", self.say("换一个数会怎样", "At other values"), self.curves(self.curve))
        yield self.section("hurdles", self.say("不符合的差在哪里", "What stands in the way"), self.hurdles())
        yield self.section("unknowns", self.say("待定的缺什么", "What open answers wait for"), self.unknowns())
        yield self.section("examples", self.say("示例家庭", "Example households"), "".join(self.examples()))
        yield self.section("standing", self.say("数字的性质", "How well the figures are known"), self.standing())
        yield self.section("repeat", self.say("怎样重做", "How to repeat this"), self.repeat())

    def section(self, id: str, heading: str, body: str) -> str:
        self.headings.append((id, heading))
        return f'<section id="{id}">\n<h2>{escape(heading)}</h2>\n{body}\n</section>\n'

    def sheet(self, sheet: Sheet) -> str:
        if not sheet.rows:
            return f'<p class="note">{escape(self.say("没有。", "None."))}</p>'
        return f'<div class="scroll">{sheet.html(self.lang)}</div>'

    def open_last(self, sheet: Sheet) -> Sheet:
        """Programs of which something is decided first, those that are open throughout last."""
        first = self.program.term
        rows = sorted(
            sheet.rows, key=lambda row: (row[0] != first, not (isinstance(row[2], Fraction | int) and row[2]))
        )
        return Sheet(sheet.id, sheet.title, sheet.columns, tuple(rows), sheet.note)

    def cards(self) -> str:
        simulation, program = self.simulation, self.program
        now, then = simulation.caseload(program.id, baseline=True), simulation.caseload(program.id)
        unit = counted_in(simulation.rulebook, program).say(self.lang)
        reformed = simulation.reform is not None
        more = then.eligible - now.eligible
        open_ = f"{self.say('另有待定', 'and undetermined')} {number(then.undetermined)}" if then.undetermined else ""
        cards = [
            (
                f"{program.term.say(self.lang)}{self.say('：符合', ': eligible')}{self.bracketed(unit)}",
                number(then.eligible),
                f"{self.say('现在', 'now')} {number(now.eligible)}{self.say('，', ', ')}{_sign(more)}"
                if reformed
                else "",
                open_,
            )
        ]
        line = simulation.line(program.id)
        if line is not None:
            change = spending_change(simulation, program.id)
            unit = self.say("元", "yuan")
            period = {"month": self.say("每月", "a month"), "year": self.say("每年", "a year"), "once": ""}[line.period]
            cards.append(
                (
                    f"{self.say('支出', 'spending')} {period}{self.bracketed(unit)}",
                    _short(then.spending, self.lang),
                    f"{self.say('增减', 'change')} {signed(change, self.lang)}" if reformed else "",
                    "",
                )
            )
            if line.period == "month":
                cards.append(
                    (
                        f"{self.say('按十二个月计', 'twelve months')}{self.bracketed(unit)}",
                        _short(then.spending.times(12), self.lang),
                        f"{self.say('增减', 'change')} {signed(change.times(12), self.lang)}" if reformed else "",
                        "",
                    )
                )
        if reformed and simulation.monthly_lines:
            programs = (program.id,) if simulation.lines_of((program.id,)) else None
            (gains,) = simulation.gains(programs=programs)
            cards.append(
                (
                    self.say("每月领得更多的家庭（户）", "households that get more a month"),
                    number(gains.gaining),
                    f"{self.say('减少', 'with less')} {number(gains.losing)}",
                    f"{self.say('不能确定', 'cannot be told')} {number(gains.open)}" if gains.open else "",
                )
            )
        return '<div class="cards">' + "".join(_card(*card) for card in cards) + "</div>"

    def grouped(self, by: str) -> str:
        dimension = self.simulation.dimension(by)
        title = self.say(f"按{dimension.words.zh}", f"By {dimension.words.en}")
        sheet = by_group(self.simulation, by)
        own = tuple(row for row in sheet.rows if row[0] == self.program.term)
        first = Sheet(sheet.id, sheet.title, sheet.columns[1:], tuple(row[1:] for row in own), sheet.note)
        others = tuple(row for row in sheet.rows if row[0] != self.program.term)
        body = f"<h3>{escape(self.program.term.say(self.lang))}</h3>"
        body += self.figure(charts.caseload_chart(self.simulation, self.program.id, by, self.lang), title)
        if self.simulation.line(self.program.id) is not None:
            body += self.figure(charts.spending_chart(self.simulation, self.program.id, by, self.lang), title)
        body += self.sheet(first)
        if others:
            rest = Sheet(sheet.id, sheet.title, sheet.columns, others)
            body += f"<details><summary>{escape(self.say('其他项目', 'other programs'))}</summary>{self.sheet(rest)}</details>"
        return self.section(f"by_{by}", title, body)

    def gains(self) -> str:
        simulation = self.simulation
        body = self.sheet(winners_by_program(simulation))
        programs = (self.program.id,) if simulation.lines_of((self.program.id,)) else None
        for by in self.by:
            words = simulation.dimension(by).words.say(self.lang)
            of = self.program.term.say(self.lang) + self.say("，按", " by ") if programs else self.say("按", "by ")
            body += f"<h3>{escape(of + words)}</h3>"
            body += self.figure(charts.gains_chart(simulation, by, self.lang, programs), words)
            body += self.sheet(winners(simulation, by, programs))
        return body

    def curves(self, curve: Sweep) -> str:
        effect = self.simulation.effects[0] if self.simulation.effects else None
        parameter = curve.parameters[0]
        unit = getattr(parameter.type, "unit", None)
        scale = unit.scale if unit is not None else 1
        marked = []
        if effect is not None and effect.id == parameter.id:
            values = [Fraction(v) / scale for v in (effect.before, effect.after) if isinstance(v, int | Fraction)]
            marked = [Decimal(value.numerator) / Decimal(value.denominator) for value in values]
        body = ""
        for of in ("caseload", "spending"):
            if of == "spending" and self.simulation.line(self.program.id) is None:
                continue
            chart = charts.sweep_chart(curve, self.program.id, of, self.lang, marked)
            body += self.figure(chart, self.say("不同标准下的结果", "at other values"))
        note = self.say(
            "虚线是现在的数和方案的数；色带是待定的部分。",
            "Dashed: the figure now and under the reform; the band is what is open.",
        )
        return body + f'<p class="note">{escape(note)}</p>' + self.sheet(curve.sheet())

    def hurdles(self) -> str:
        sheet = standing_in_the_way(self.simulation)
        shown = {program.term for program in shown_programs(self.simulation)}
        rows = tuple(row for row in sheet.rows if row[0] in shown)
        return self.sheet(Sheet(sheet.id, sheet.title, sheet.columns, rows, sheet.note))

    def unknowns(self) -> str:
        found = self.simulation.unknowns(self.program.id)
        name = escape(self.program.term.say(self.lang))
        if not found.subjects:
            return f'<p class="note">{name}{self.say("没有待定的。", ": nothing is open.")}</p>'
        looked = self.say(
            f"待定共 {number(found.open)}；逐一看了其中 {found.looked_at} 个",
            f"{number(found.open)} are open; {found.looked_at} of them were looked at one by one",
        )
        items = "".join(
            f"<li>{escape(one.words.say(self.lang))}{self.say('：', ': ')}{one.answers}</li>"
            for one in found.wanting[:12]
        )
        return f'<p class="note">{name}{self.say("：", ": ")}{escape(looked)}</p><ul class="list">{items}</ul>'

    def examples(self) -> Iterator[str]:
        said = self.say(
            "按固定办法从数据中挑出，不是随机抽样；点开可看逐条理由，打印时只印点开的。",
            "Chosen from the data by a fixed method, not at random; open one for the reasons, article by article. What is open is "
            "printed, too.",
        )
        yield f'<p class="note">{escape(said)}</p>'
        for place, example in enumerate(examples(self.simulation, self.program.id, self.count), 1):
            yield self.example(place, example)

    def example(self, place: int, example: Example) -> str:
        before, after = example.before.outcomes, example.after.outcomes
        said = []
        for then, now in zip(before, after, strict=True):
            amounts = [
                "" if one.amount is None else _amount(one.amount.value, one.amount.low, one.amount.high, self.lang)
                for one in (then, now)
            ]
            unit = "" if now.amount is None else f" {now.amount.unit.say(self.lang)}"
            states = [_status(one.status.value, self.lang) for one in (then, now)]
            if self.simulation.reform is None:
                said.append(f"{states[1]} {amounts[1]}{unit}".strip())
            else:
                said.append(f"{states[0]} {amounts[0]} → {states[1]} {amounts[1]}{unit}")
        kinds = self.simulation.dimensions
        about = [self._group(kinds[id], example.household) for id in ("town", "type", "size") if id in kinds]
        trail = example.after.explain(self.program.id).html(self.lang, page=False)
        trail = trail.replace(f"<style>{STYLE}</style>", "", 1)
        trail = re.sub(r'(id="|href="#)n-', rf"\g<1>x{place}-n-", trail)
        return (
            f'<details class="example"><summary><span class="why">{escape(example.why.say(self.lang))}</span> '
            f"<b>{escape(example.id)}</b> {escape('，'.join(about) if self.lang == 'zh' else ', '.join(about))}"
            f'<span class="change">{escape(self.say("；", "; ").join(said))}</span></summary>\n{trail}</details>\n'
        )

    def _group(self, dimension: Dimension, household: int) -> str:
        """The group a household is in; one that is not known says of what."""
        label = dimension.labels[int(dimension.codes[household])]
        if label != UNKNOWN:
            return label.say(self.lang)
        return self.say(f"{dimension.words.zh}不明", f"{dimension.words.en} not known")

    def standing(self) -> str:
        said = self.say(
            "下列数字没有正式文本可查，是方案提出的，或是编的；上面的结果随它们而变。",
            "Nobody can vouch for these figures, the reform proposes them, or they are made up; the results above change with them.",
        )
        own = standings(self.simulation, [self.program.id])
        named = {(one.parameter.id, one.key) for one in own}
        rest = [one for one in self.standings if (one.parameter.id, one.key) not in named]
        sheet, others = standing_sheet(own), standing_sheet(rest)
        body = f"<h3>{escape(self.program.term.say(self.lang))}</h3>"
        body += (f'<p class="note">{escape(said)}</p>' if sheet.rows else "") + self.sheet(sheet)
        if not sheet.rows and sheet.note is not None:
            body += f'<p class="note">{escape(sheet.note.say(self.lang))}</p>'
        if others.rows:
            heading = escape(self.say("其他项目用到的数字", "figures of the other programs"))
            body += f"<details><summary>{heading}</summary>{self.sheet(others)}</details>"
        return body

    def repeat(self) -> str:
        shown = f"<pre>{escape(self.command)}</pre>" if self.command else ""
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td><code>{escape(value)}</code></td></tr>"
            for name, value in said_provenance(self.simulation, "", self.lang)
        )
        said = self.say(
            "同样的数据、规则和版本，得出同样的数，分毫不差：钱以整分计，不经浮点。",
            "The same data, rules and versions give the same numbers to the fen: money is counted in whole fen, never in floating point.",
        )
        return f'{shown}<p class="note">{escape(said)}</p><table class="provenance">{rows}</table>'

    def figure(self, chart: altair.Chart, said: str) -> str:
        picture = charts.svg(chart)
        return f'<figure role="img" aria-label="{escape(said)}">{picture}</figure>'


def _card(label: str, value: str, change: str, note: str) -> str:
    lines = "".join(f"<span>{escape(text)}</span>" for text in (change, note) if text)
    return f'<div class="card"><div class="label">{escape(label)}</div><div class="value{" long" if len(value) > 14 else ""}">{escape(value)}</div>{lines}</div>'


def _short(total: Total, lang: str) -> str:
    return Total(total.low, total.high).say(lang)


def _sign(value: Fraction) -> str:
    return f"+{number(value)}" if value > 0 else number(value) if value else "±0"


def _amount(value: Decimal | None, low: Decimal | None, high: Decimal | None, lang: str) -> str:
    if value is not None:
        return f"{value:,}"
    to = " 至 " if lang == "zh" else " to "
    return f"{'?' if low is None else format(low, ',')}{to}{'?' if high is None else format(high, ',')}"


def _status(status: str, lang: str) -> str:
    from minzheng_rules.trail import wording

    return wording.look_up(wording.STATUS_OF_DECISION, status, lang)


REPORT_STYLE: Final = """
body { margin: 0; background: #ece8de; }
.mz.report { max-width: 66rem; }
.mz .kicker { color: var(--soft); letter-spacing: .15em; font-size: .9rem; }
.mz.report h2 { margin-top: 3rem; border-bottom: 2px solid currentColor; padding-bottom: .4rem; }
.mz.report .mz h2 { margin-top: 0; }
.mz .mz { padding: .5rem 1rem 1rem; max-width: none; background: none; }
.mz nav { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin-top: 1.4rem; font-size: .92rem; }
.mz .note { color: var(--soft); font-size: .9rem; margin-top: .6rem; }
.mz .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: 1rem; margin-top: 1.2rem; }
.mz .card { background: var(--panel); border-radius: 8px; padding: .9rem 1.1rem; }
.mz .card .label { color: var(--soft); font-size: .86rem; line-height: 1.45; }
.mz .card .value { font-size: 1.5rem; font-weight: 700; line-height: 1.4; margin: .25rem 0; }
.mz .card .value.long { font-size: 1.16rem; }
.mz table.sheet .open { font-size: .82rem; color: var(--open); }
.mz .card span { display: block; font-size: .86rem; color: var(--soft); }
.mz table.sheet { font-size: .92rem; }
.mz table.sheet td.t { white-space: normal; min-width: 3.5em; overflow-wrap: normal; }
.mz table.sheet td.t:first-child { min-width: 8em; }
.mz table.sheet th:last-child, .mz table.sheet td:last-child { padding-right: 0; }
.mz table.sheet td, .mz table.sheet th { padding: .35rem .9rem .35rem 0; }
.mz figure { margin: 1.2rem 0 0; overflow-x: auto; }
.mz .scroll, .mz figure { background:
  linear-gradient(90deg, var(--paper) 40%, transparent) 0 0 / 3rem 100% no-repeat local,
  linear-gradient(270deg, var(--paper) 40%, transparent) 100% 0 / 3rem 100% no-repeat local,
  linear-gradient(90deg, rgb(0 0 0 / .16), transparent) 0 0 / .7rem 100% no-repeat scroll,
  linear-gradient(270deg, rgb(0 0 0 / .16), transparent) 100% 0 / .7rem 100% no-repeat scroll; }
.mz figure svg { max-width: 100%; height: auto; }
.mz.report section > details { margin-top: .8rem; }
.mz.report section > details > summary { padding-left: 0; }
.mz details.example { border-bottom: 1px solid var(--faint); padding: .45rem 0; }
.mz details.example > summary .why { display: inline-block; min-width: 10em; font-weight: 600; color: var(--link); }
.mz details.example > summary .change { float: right; color: var(--soft); font-size: .92rem; }
.mz pre { background: var(--panel); border-radius: 6px; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .86rem/1.6 ui-monospace, Menlo, Consolas, monospace; }
.mz table.provenance td { white-space: normal; }
.mz table.provenance code { font-size: .84rem; }
@media (prefers-color-scheme: dark) {
  .mz.report, .mz.report .mz {
    --paper: #fdfcf9; --ink: #23211d; --soft: #6b665c; --faint: #e4dfd3; --panel: #f5f2ea; --link: #1f5a8a;
    --yes: #22693f; --no: #a32a22; --open: #8a5a00; --weak: #7a3b8f;
    --yes-bg: #e6f1e8; --no-bg: #f8e7e4; --open-bg: #fbefd5; --weak-bg: #f3e8f6; color-scheme: light;
  }
}
@media screen and (max-width: 40rem) {
  .mz figure svg { max-width: none; width: 46rem; }
  .mz details.example > summary .change { float: none; display: block; }
  .mz details.example > summary::after { position: absolute; right: 0; top: 0; }
}
@media print {
  .mz .scroll, .mz figure { background: none; overflow: visible; }
  .mz.report section > details:not([open])::details-content { content-visibility: hidden; block-size: 0; }
  body { background: none; } .mz nav { display: none; } .mz.report section { break-inside: auto; } figure, .card { break-inside: avoid; } }
"""
