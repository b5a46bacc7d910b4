"""Ability assessments: the items of a scale as an assessor scored them for one person.

Four scales live side by side, and none is converted into another: GB/T 42195-2022 (老年人能力评估规范), the older MZ/T 039-2013,
the disability scale of long-term care insurance (长期护理失能等级评估标准（试行）), and the six questions of self-care of 特困
(特困人员认定办法, art. 21). The scores an item may take are those of its form; what the scores mean is said by the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Whole
from minzheng_rules.problems import Words

ASSESSOR = "评估机构"
_DOCTOR = "医疗机构"


@enumeration("scale", "评估量表类别")
class Scale(Choice):
    """The scale an assessment was made by."""

    GBT42195 = "gbt42195", "老年人能力评估规范"
    MZT039 = "mzt039", "二〇一三年行业标准"
    CARE_INSURANCE = "care_insurance", "长护失能评估标准"
    TEKUN = "tekun", "特困自理六项"


@enumeration("consciousness", "意识状态类别")
class Consciousness(Choice):
    """How far somebody is awake."""

    AWAKE = "awake", "清醒"
    DROWSY = "drowsy", "嗜睡"
    STUPOROUS = "stuporous", "昏睡"
    COMATOSE = "comatose", "昏迷"


@enumeration("diagnosis_class", "诊断类别")
class DiagnosisClass(Choice):
    """What a diagnosis counts as; the ICD-10 chapters are those the standard names."""

    DEMENTIA = "dementia", "痴呆"
    MENTAL_DISORDER = "mental_disorder", "其他精神和行为障碍"
    OTHER = "other", "其他疾病"


@enumeration("risk_event_kind", "照护风险类别")
class RiskEventKind(Choice):
    """What happened to somebody in care."""

    FALL = "fall", "跌倒"
    LOST = "lost", "走失"
    CHOKING = "choking", "噎食"
    SELF_HARM = "self_harm", "自杀自伤"
    OTHER = "other", "其他风险事件"


def score(term: str, most: int, *, step: int = 1) -> Any:
    """Declare an item of a scale: a whole number of points from 0 to ``most``, going up by ``step``."""
    note = Words(
        "只有 " + "、".join(str(points) for points in range(most, -1, -step)) + " 分",
        "one of " + ", ".join(str(points) for points in range(most, -1, -step)) + " points",
    )
    return fact(term, unit="point", range=(0, most), source=ASSESSOR, note=note)


class Scores(Entity):
    """The items of one part of a scale; an item left out is unknown, and counts as anything it could be."""

    steps: ClassVar[Mapping[str, int]] = {}
    """For items that do not take every whole number: what their scores go up by."""

    def flaws(self) -> Iterable[Flaw]:
        """Scores between two options of the form."""
        for name, step in self.steps.items():
            points = getattr(self, name)
            if points is not None and points % step:
                yield Flaw(
                    (name,),
                    "not-an-option",
                    Words(
                        f"量表没有 {points} 分这一项：得分是 {step} 的倍数",
                        f"the form has no option of {points} points: scores go up by {step}",
                    ),
                )


class SelfCare(Scores):
    """GB/T 42195-2022, B.1: eight items, 32 points; the more, the abler."""

    kind: ClassVar[str] = "self_care_scores"
    term: ClassVar[str] = "自理能力项"

    eating: Whole | None = score("进食", 4)
    grooming: Whole | None = score("修饰", 4)
    bathing: Whole | None = score("洗澡", 4)
    dressing_above: Whole | None = score("穿脱上衣", 4)
    dressing_below: Whole | None = score("穿脱裤子和鞋袜", 4)
    bladder: Whole | None = score("小便控制", 4)
    bowels: Whole | None = score("大便控制", 4)
    toilet: Whole | None = score("如厕", 4)


class Movement(Scores):
    """GB/T 42195-2022, B.2: four items, 15 points."""

    kind: ClassVar[str] = "movement_scores"
    term: ClassVar[str] = "基础运动能力项"

    moving_in_bed: Whole | None = score("床上体位转移", 4)
    bed_to_chair: Whole | None = score("床椅转移", 4)
    walking: Whole | None = score("平地行走", 4)
    stairs: Whole | None = score("上下楼梯", 3)


class Mind(Scores):
    """GB/T 42195-2022, B.3: nine items, 28 points. Consciousness 0 is stupor as well as coma: coma is stated by itself."""

    kind: ClassVar[str] = "mind_scores"
    term: ClassVar[str] = "精神状态项"

    time: Whole | None = score("时间定向", 4)
    place: Whole | None = score("空间定向", 4)
    people: Whole | None = score("人物定向", 4)
    memory: Whole | None = score("记忆", 4)
    understanding: Whole | None = score("理解能力", 4)
    expression: Whole | None = score("表达能力", 4)
    aggression: Whole | None = score("攻击行为", 1)
    depression: Whole | None = score("抑郁症状", 1)
    consciousness: Whole | None = score("意识水平", 2)


class Participation(Scores):
    """GB/T 42195-2022, B.4: five items, 15 points."""

    kind: ClassVar[str] = "participation_scores"
    term: ClassVar[str] = "感知觉与社会参与项"

    sight: Whole | None = score("视力", 2)
    hearing: Whole | None = score("听力", 2)
    daily_affairs: Whole | None = score("执行日常事务", 4)
    transport: Whole | None = score("使用交通工具外出", 3)
    company: Whole | None = score("社会交往能力", 4)


class InsuredDailyLiving(Scores):
    """The insurance scale's activities of daily living: ten items, 100 points, in steps of five."""

    kind: ClassVar[str] = "insured_daily_living"
    term: ClassVar[str] = "长护日常生活项"
    steps: ClassVar[Mapping[str, int]] = dict.fromkeys(
        (
            "eating",
            "dressing",
            "face_and_mouth",
            "bowels",
            "bladder",
            "toilet",
            "walking",
            "bed_to_chair",
            "stairs",
            "bathing",
        ),
        5,
    )

    eating: Whole | None = score("进食", 10, step=5)
    dressing: Whole | None = score("穿衣", 10, step=5)
    face_and_mouth: Whole | None = score("面部与口腔清洁", 5, step=5)
    bowels: Whole | None = score("大便控制", 10, step=5)
    bladder: Whole | None = score("小便控制", 10, step=5)
    toilet: Whole | None = score("用厕", 10, step=5)
    walking: Whole | None = score("平地行走", 15, step=5)
    bed_to_chair: Whole | None = score("床椅转移", 15, step=5)
    stairs: Whole | None = score("上下楼", 10, step=5)
    bathing: Whole | None = score("洗澡", 5, step=5)


class InsuredCognition(Scores):
    """The insurance scale's cognition: four items, 16 points."""

    kind: ClassVar[str] = "insured_cognition"
    term: ClassVar[str] = "长护认知项"

    time: Whole | None = score("时间定向", 4)
    people: Whole | None = score("人物定向", 4)
    place: Whole | None = score("空间定向", 4)
    memory: Whole | None = score("记忆力", 4)


class InsuredSenses(Scores):
    """The insurance scale's senses and communication: three items, 12 points."""

    kind: ClassVar[str] = "insured_senses"
    term: ClassVar[str] = "长护感知觉与沟通项"

    sight: Whole | None = score("视力", 4)
    hearing: Whole | None = score("听力", 4)
    communication: Whole | None = score("沟通能力", 4)


class LegacyScores(Scores):
    """MZ/T 039-2013 as an old record holds it: totals for three parts, single items for the senses.

    In daily living more is better (in steps of five); everywhere else more is worse.
    """

    kind: ClassVar[str] = "legacy_scores"
    term: ClassVar[str] = "旧标评分项"
    steps: ClassVar[Mapping[str, int]] = {"daily_living": 5}

    daily_living: Whole | None = score("日常生活活动总分", 100, step=5)
    mind: Whole | None = score("精神状态总分", 6)
    consciousness: Consciousness | None = fact("意识状态", source=ASSESSOR)
    sight: Whole | None = score("视力障碍分", 4)
    hearing: Whole | None = score("听力障碍分", 4)
    communication: Whole | None = score("沟通障碍分", 3)
    participation: Whole | None = score("社会参与总分", 20)


class Diagnosis(Entity):
    """A diagnosis the assessment form records."""

    kind: ClassVar[str] = "diagnosis"
    term: ClassVar[str] = "疾病诊断项"

    diagnosed_as: DiagnosisClass | None = fact(
        "疾病类别",
        source=_DOCTOR,
        note=Words(
            "痴呆：ICD-10 F00 至 F03（只编 G30 的阿尔茨海默病同 F00 看，请注明）；其他精神和行为障碍：F04 至 F99",
            "dementia: ICD-10 F00 to F03 (Alzheimer's coded G30 alone goes with F00: say so); mental disorder: F04 to F99",
        ),
    )
    by_psychiatrist: Flag | None = fact("精神科专科医生诊断", source=_DOCTOR)


class RiskEvent(Entity):
    """Risk events in care of one type on one day."""

    kind: ClassVar[str] = "risk_event"
    term: ClassVar[str] = "照护风险事件项"

    type: RiskEventKind | None = fact("风险事件类别", source=("照护者", ASSESSOR))
    happened_on: Day | None = fact(
        "发生日期",
        source=("照护者", ASSESSOR),
        note=Words(
            "评估表只记近三十天内几次的，填评估基准日期",
            "where the form only counts the events of the last 30 days, the reference day of the assessment",
        ),
    )
    times: Whole | None = fact(
        "发生次数",
        unit="1",
        range=(1, 99),
        source=("照护者", ASSESSOR),
        note=Words("表上“三次及以上”填 3", "3 where the form says three or more"),
    )


class Assessment(Entity):
    """One assessment of one person, by one scale.

    What a scale says is used where a program asks for that scale, and nowhere else. The answer of the six questions is
    entered in a household's case question by question: the facts of a member (自主吃饭 to 自主洗澡) bear the same names,
    and the program 特困 works out the grade from them by the same line (特困人员认定办法, art. 22). It takes no level of
    another scale. The level of GB/T 42195-2022 goes into a case as the fact the program asks for.

    >>> from datetime import date
    >>> from minzheng_rules import Case, Rulebook, decide
    >>> case = Case.parse({"案件": "assessment", "基准日": date(2025, 6, 1), "评估量表": "特困自理六项",
    ...     "自主吃饭": True, "自主穿衣": True, "自主上下床": True, "自主如厕": False, "室内自主行走": True, "自主洗澡": False})
    >>> outcome = decide(case, Rulebook.load(place="haining", kind="assessment")).outcome("self_care")
    >>> outcome.results["level"].value.zh
    '半护理'
    """

    kind: ClassVar[str] = "assessment"
    term: ClassVar[str] = "能力评估"
    always_stated: ClassVar[Mapping[str, str]] = {"scale": "gbt42195"}
    not_spoken_for: ClassVar[tuple[str, ...]] = (
        "self_care",
        "movement",
        "mind",
        "participation",
        "insured_daily_living",
        "insured_cognition",
        "insured_senses",
        "legacy",
    )

    scale: Scale | None = fact(
        "评估量表",
        source=ASSESSOR,
        note=Words(
            "只按这一种量表定级；各量表之间不换算", "decided by this scale alone; none is converted into another"
        ),
    )
    reference_day: Day | None = fact("评估基准日期", source=ASSESSOR)

    self_care: SelfCare | None = fact("自理能力", source=ASSESSOR)
    movement: Movement | None = fact("基础运动能力", source=ASSESSOR)
    mind: Mind | None = fact("精神状态", source=ASSESSOR)
    participation: Participation | None = fact("感知觉与社会参与", source=ASSESSOR)
    comatose: Flag | None = fact("处于昏迷", source=(_DOCTOR, ASSESSOR))
    diagnoses: tuple[Diagnosis, ...] | None = fact(
        "疾病诊断", source=_DOCTOR, note=Words("没有的为空", "empty where there is none")
    )
    risk_events: tuple[RiskEvent, ...] | None = fact(
        "照护风险事件", source=("照护者", ASSESSOR), note=Words("没有的为空", "empty where there is none")
    )

    insured_daily_living: InsuredDailyLiving | None = fact("长护日常生活活动", source=ASSESSOR)
    insured_cognition: InsuredCognition | None = fact("长护认知能力", source=ASSESSOR)
    insured_senses: InsuredSenses | None = fact("长护感知觉与沟通", source=ASSESSOR)

    legacy: LegacyScores | None = fact("旧标评分", source=ASSESSOR)

    eats_alone: Flag | None = fact("自主吃饭", source="入户调查", judgement="县级民政部门")
    dresses_alone: Flag | None = fact("自主穿衣", source="入户调查", judgement="县级民政部门")
    gets_up_alone: Flag | None = fact("自主上下床", source="入户调查", judgement="县级民政部门")
    uses_toilet_alone: Flag | None = fact("自主如厕", source="入户调查", judgement="县级民政部门")
    walks_indoors_alone: Flag | None = fact("室内自主行走", source="入户调查", judgement="县级民政部门")
    bathes_alone: Flag | None = fact("自主洗澡", source="入户调查", judgement="县级民政部门")
