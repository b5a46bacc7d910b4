"""Charts of results, declared once: pictures that need nothing from elsewhere in reports, the same in a notebook.

They are Altair (Vega-Lite) charts, made into SVG by vl-convert on this machine: no browser, no network, Chinese in whatever font
the reader has. Figures become floating-point numbers here and nowhere else, to be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from minzheng_rules.population.simulation.figures import Figures
from minzheng_rules.population.simulation.tables import counted_in
from minzheng_rules.problems import Place, Problem, RequestProblems, Words

if TYPE_CHECKING:
    import altair

    from minzheng_rules.population.simulation.simulating import Simulation
    from minzheng_rules.population.simulation.sweeping import Sweep
    from minzheng_rules.rulebook.rulebook import Program, Rulebook

FONT: Final = "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
BEFORE, AFTER, OPEN = "#9aa5b1", "#1f5a8a", "#e0b25a"
GAIN, LOSE, SAME = "#2f7d4f", "#a32a22", "#d9d4c7"
NOW, THEN = Words("现在", "now"), Words("方案", "reform")
_WIDTH: Final = 780


def caseload_chart(simulation: Simulation, program: str, by: str, lang: str = "zh") -> altair.Chart:
    """How many are eligible in each group, before and under the reform."""
    heading = _eligible(simulation.rulebook, simulation.program(program))
    return _bars(simulation, program, by, heading, lambda found: _number(found.eligible), lang)


def spending_chart(simulation: Simulation, program: str, by: str, lang: str = "zh") -> altair.Chart:
    """What is paid in each group at least, before and under the reform, in yuan."""
    heading = Words("金额（元，至少）", "yuan, at least")
    return _bars(simulation, program, by, heading, lambda found: _yuan(found.spending.low), lang)


def gains_chart(
    simulation: Simulation, by: str, lang: str = "zh", programs: Sequence[str] | None = None
) -> altair.Chart:
    """What part of each group gains, loses, stays, or cannot be told, in some programs or all the reform reaches."""
    alt = _altair()
    kinds = (
        ("gaining", Words("增加", "gain"), GAIN),
        ("losing", Words("减少", "lose"), LOSE),
        ("open", Words("不能确定", "cannot be told"), OPEN),
        ("unchanged", Words("不变", "unchanged"), SAME),
    )
    rows = [
        {"group": found.group.say(lang), "kind": words.say(lang), "order": order, "value": _number(getattr(found, id))}
        for found in simulation.gains(by, programs=programs)
        for order, (id, words, _) in enumerate(kinds)
    ]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height={"band": 0.72})
        .encode(
            y=alt.Y("group:N", sort=None, title=None),
            x=alt.X("value:Q", stack="normalize", title=None, axis=alt.Axis(format="%", grid=False)),
            order=alt.Order("order:Q"),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(
                    domain=[words.say(lang) for _, words, _ in kinds], range=[color for _, _, color in kinds]
                ),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["group:N", "kind:N", "value:Q"],
        )
    )
    return _sized(chart, len(simulation.dimension(by).labels) * 26)


def sweep_chart(
    sweep: Sweep, program: str, of: str = "spending", lang: str = "zh", marked: Sequence[Decimal | int] = ()
) -> altair.Chart:
    """A program's spending or caseload along one figure; the band is what is open; ``marked`` are values to point out."""
    alt = _altair()
    parameter = sweep.parameters[0]
    rows = [{"at": float(point.values[0]), **_extent(point.figures[program], of)} for point in sweep.points]
    spending = of == "spending"
    counted = next(one for one in sweep.programs if one.id == program)
    heading = Words("金额（元）", "yuan") if spending else _eligible(sweep.rulebook, counted)
    unit = getattr(parameter.type, "unit", None)
    name = parameter.term if lang == "zh" else parameter.id.replace("_", " ")
    across = alt.X(
        "at:Q",
        title=f"{name}（{unit.say('zh')}）"
        if unit and lang == "zh"
        else f"{name} ({unit.say('en')})"
        if unit
        else name,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(grid=False),
    )
    base = alt.Chart(alt.Data(values=rows))
    layers: list[Any] = []
    if any(row["high"] is not None and row["high"] != row["low"] for row in rows):
        layers.append(base.mark_area(color=OPEN, opacity=0.35).encode(x=across, y=alt.Y("low:Q"), y2="high:Q"))
    upright = alt.Y("low:Q", title=heading.say(lang), scale=alt.Scale(zero=False), axis=alt.Axis(format=",.0f"))
    layers.append(base.mark_line(color=AFTER, strokeWidth=2.5).encode(x=across, y=upright))
    layers.append(base.mark_point(color=AFTER, filled=True, size=36).encode(x=across, y=upright))
    rules = [
        {"at": float(value), "said": f"{value:,}"} for value in dict.fromkeys(map(Decimal, marked)) if value.is_finite()
    ]
    if rules:
        data = alt.Chart(alt.Data(values=rules))
        layers.append(data.mark_rule(color=LOSE, strokeDash=[4, 3]).encode(x="at:Q"))
        layers.append(
            data.mark_text(align="left", dx=4, dy=8, color=LOSE, baseline="top").encode(
                x="at:Q", y=alt.value(0), text="said:N"
            )
        )
    return _sized(alt.layer(*layers), 260)


def svg(chart: altair.Chart) -> str:
    """A chart as an SVG picture, text as text."""
    convert = _needed("vl_convert")
    spoken = _altair().SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    known = spoken if spoken in convert.get_vegalite_versions() else None
    drawn: str = convert.vegalite_to_svg(chart.to_dict(), vl_version=known)
    return drawn


@dataclass(frozen=True)
class Picture:
    """A chart in a notebook: a picture that stays in it and needs no network."""

    chart: altair.Chart

    def _repr_svg_(self) -> str:
        return svg(self.chart)


def _bars(simulation: Simulation, program: str, by: str, heading: Words, value: Any, lang: str) -> altair.Chart:
    alt = _altair()
    sides = [(THEN, False)] if simulation.reform is None else [(NOW, True), (THEN, False)]
    rows = [
        {"group": found.group.say(lang), "side": side.say(lang), "value": value(found)}
        for side, baseline in sides
        for found in simulation.figures(program, by, baseline=baseline)
    ]
    dimension = simulation.dimension(by)
    domain = [side.say(lang) for side, _ in sides]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("group:N", sort=None, title=None),
            x=alt.X("value:Q", title=heading.say(lang), axis=alt.Axis(format=",.0f", tickCount=6)),
            yOffset=alt.YOffset("side:N", sort=domain),
            color=alt.Color(
                "side:N",
                title=None,
                sort=domain,
                scale=alt.Scale(domain=domain, range=[BEFORE, AFTER] if len(domain) == 2 else [AFTER]),
                legend=alt.Legend(orient="top") if len(domain) == 2 else None,
            ),
            tooltip=["group:N", "side:N", "value:Q"],
        )
    )
    return _sized(chart, len(dimension.labels) * (34 if len(domain) == 2 else 24))


def _eligible(rulebook: Rulebook, program: Program) -> Words:
    unit = counted_in(rulebook, program)
    return Words(f"符合（{unit.zh}）", f"eligible ({unit.en})")


def _extent(found: Figures, of: str) -> dict[str, float | None]:
    if of == "spending":
        return {"low": _yuan(found.spending.low), "high": _yuan(found.spending.high)}
    return {"low": _number(found.eligible), "high": _number(found.most)}


def _yuan(fen: Fraction | None) -> float | None:
    return None if fen is None else float(fen / 100)


def _number(count: Fraction) -> float:
    return float(count)


def _sized(chart: Any, height: int) -> altair.Chart:
    sized: altair.Chart = (
        chart.properties(width=_WIDTH, height=max(height, 90))
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight=400, titleColor="#6b665c", gridColor="#e4dfd3"
        )
        .configure_axisY(
            labelLimit=260, domain=False, ticks=False, titleAngle=0, titleAlign="left", titleY=-8, titleX=-4
        )
        .configure_legend(labelFontSize=12)
    )
    return sized


def _altair() -> Any:
    return _needed("altair")


def _needed(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        what = Words(f"画图要用的 {module} 没有安装", f"{module}, which draws the charts, is not installed")
        step = Words("请运行 pip install 'minzheng_rules[population]'", "run pip install 'minzheng_rules[population]'")
        raise RequestProblems([Problem("simulation.charts", what, Place(), step)]) from None
