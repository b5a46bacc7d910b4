"""A decision made by hand, in the shape the evaluator gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from minzheng_rules.problems import Words
from minzheng_rules.rulebook.reforming import Reform
from minzheng_rules.trail.node import Node, NodeKind, State
from tests.trail import hand_made_trails as trails


class Status(str, Enum):  # as the evaluator's own
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Amount:
    name: Words
    unit: Words
    kind: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Result:
    name: Words
    value: Words


@dataclass(frozen=True)
class Missing:
    kind: str
    words: Words
    subject: str
    who: tuple[str, ...]
    why: Words
    path: str = ""

    subject_en: str = ""

    def whom(self, lang: str) -> str:
        return self.subject_en or self.subject if lang == "en" else self.subject


@dataclass(frozen=True)
class Outcome:
    program_words: Words
    subject_words: Words
    status: Status
    trail: Node
    amounts: dict[str, Amount] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    payable_from: date | None = None
    missing: tuple[Missing, ...] = ()
    weakest: str = "verbatim"
    sets_conditions: bool = True


@dataclass(frozen=True)
class Finding:
    what: Words
    subject: str


@dataclass(frozen=True)
class Rulebook:
    name: Words = field(default_factory=lambda: Words("民政待遇规则", "Civil-affairs benefit rules"))
    digest: str = "3f2a9c01d4e5b6a7"
    overlays: tuple[str, ...] = ("illustrative",)
    reforms: tuple[Reform, ...] = ()


@dataclass(frozen=True)
class Decision:
    outcomes: tuple[Outcome, ...]
    as_of: date = date(2025, 6, 1)
    place: str = "haining"
    rulebook: Rulebook = field(default_factory=Rulebook)
    case_title: str | None = None
    findings: tuple[Finding, ...] = ()


HOUSEHOLD = Words("张某家", "the Zhang household")
DIBAO = Words("最低生活保障", "subsistence allowance")
PER_MONTH = Words("元/月", "yuan/month")


def _conclusion(id: str, label: Words, state: State, value: Words) -> Node:
    return Node(id, NodeKind.CONCLUSION, label, state, value, decisive=True)


def mixed() -> Decision:
    """One that pays, one refused, one open, two that do not apply."""
    paid = Outcome(
        DIBAO,
        HOUSEHOLD,
        Status.ELIGIBLE,
        trails.eligible(),
        amounts={"monthly": Amount(Words("月低保金", "monthly allowance"), PER_MONTH, "cash", Decimal("1.45"))},
        results={"place": Result(Words("申请地", "where to apply"), Words("户籍所在地", "place of registration"))},
        payable_from=date(2025, 7, 1),
        weakest="illustrative",
    )
    edge = Words("最低生活保障边缘家庭", "household on the edge")
    refused = Outcome(
        edge,
        HOUSEHOLD,
        Status.INELIGIBLE,
        _conclusion("edge@h1", edge, State.FALSE, Words("不符合", "not eligible")),
        amounts={"monthly": Amount(Words("月补助", "monthly aid"), PER_MONTH, "cash", Decimal("0.00"))},
    )
    single = Words("单人户低保", "single-person allowance")
    waits = Outcome(
        single,
        Words("儿子 张小某", "son Zhang Xiaomou"),
        Status.UNDETERMINED,
        _conclusion("single@m3", single, State.UNDETERMINED, Words("待定", "undetermined")),
        amounts={
            "monthly": Amount(Words("月低保金", "allowance"), PER_MONTH, "cash", None, Decimal(0), Decimal("1000")),
            "ceiling": Amount(
                Words("年限额", "yearly ceiling"), Words("元/年", "yuan/year"), "ceiling", Decimal("36000")
            ),
        },
        missing=(
            Missing(
                "fact", Words("残疾等级", "disability grade"), "儿子 张小某", ("残联",), Words("没有给出", "not given")
            ),
            Missing("delegation", Words("财产规定", "asset rule"), "", ("county",), Words("未见规定", "none seen")),
            Missing(
                "conflict",
                Words("例外冲突", "exceptions conflict"),
                "",
                (),
                Words("甲与乙同时成立", "A and B both hold"),
            ),
        ),
        weakest="position",
    )
    idle = tuple(
        Outcome(
            single, Words(zh, en), Status.NOT_APPLICABLE,
            _conclusion(f"single@{en}", single, State.UNTOUCHED, Words("不适用", "not applicable")),
        )
        for zh, en in (("本人 张某", "applicant Zhang"), ("妻子 王某", "wife Wang"))
    )  # fmt: skip
    finding = Finding(
        Words("登记为低保对象，计算结果不符", "recorded as a recipient; the computation disagrees"), "m1 张某"
    )
    return Decision((paid, *idle, refused, waits), case_title="三口之家 <示例>", findings=(finding,))


def empty() -> Decision:
    return Decision((), rulebook=Rulebook(overlays=()))
