"""Workers of elder care: post, certificates, service and contract, month by month.

One case is one worker. It serves the guide wage (三岗14级指导工资), the skill allowance of care posts (特殊岗位技能津贴) and
the entry award (入职奖补). Every fact may be left out, and then it is unknown; an empty list means declared none. Money is in
yuan with at most two decimals.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from typing import ClassVar, Self

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Rate, Whole
from minzheng_rules.case.someone import Someone
from minzheng_rules.problems import Words

EMPLOYER = "用人单位"
_CERTIFIER = ("人社", EMPLOYER)
_SCHOOL = ("申报", "教育")


@enumeration("wage_post", "工资岗位类别")
class WagePost(Choice):
    """The three kinds of people in elder care: skilled, professional, managing (民政部等十二部门, end of 2023)."""

    SKILL = "skill", "护理技能岗"
    PROFESSION = "profession", "专业技术岗"
    MANAGEMENT = "management", "经营管理岗"


@enumeration("skill_grade", "技能等级")
class SkillGrade(Choice):
    """Grades of the vocational certificate of care workers, highest first."""

    FIRST = "first", "一级"
    SECOND = "second", "二级"
    THIRD = "third", "三级"
    FOURTH = "fourth", "四级"
    FIFTH = "fifth", "五级"


@enumeration("skill_appointment", "聘任类别")
class SkillAppointment(Choice):
    """Appointments above the certificates."""

    NONE = "none", "未聘任"
    SPECIAL = "special", "特级技师"
    CHIEF = "chief", "首席技师"


@enumeration("title_rank", "职称层级")
class TitleRank(Choice):
    """Ranks of professional titles, or of licences that count as one."""

    NONE = "none", "无职称"
    JUNIOR = "junior", "初级职称"
    MIDDLE = "middle", "中级职称"
    SENIOR = "senior", "高级职称"


@enumeration("management_rank", "任职层级")
class ManagementRank(Choice):
    """Ranks of those who manage."""

    NONE = "none", "无任职"
    FIRST_LINE = "first_line", "基层"
    MIDDLE = "middle", "中层"
    HEAD = "head", "机构负责人"


@enumeration("appraisal", "考核等次")
class Appraisal(Choice):
    """What last year's appraisal came to."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "合格"
    BASIC = "basic", "基本合格"
    FAILED = "failed", "不合格"


@enumeration("education", "学历类别")
class Education(Choice):
    """Education when somebody entered the post."""

    BELOW = "below", "中职以下"
    VOCATIONAL = "vocational", "中职"
    COLLEGE = "college", "专科"
    BACHELOR = "bachelor", "本科及以上"


@enumeration("employment_form", "用工方式类别")
class EmploymentForm(Choice):
    """With whom the contract is."""

    INSTITUTION = "institution", "养老机构劳动合同"
    DISPATCH = "dispatch", "劳务派遣"
    OTHER = "other", "其他用工"


@enumeration("care_work", "从事工作类别")
class CareWork(Choice):
    """What somebody does in the institution, as the entry award lists it."""

    CARER = "carer", "养老护理"
    PROFESSIONAL = "professional", "医疗康复等专业"
    OTHER = "other", "其他工作"


class Person(Someone):
    """A person, as units count people."""

    kind: ClassVar[str] = "person"
    term: ClassVar[str] = "人"


class Certificate(Entity):
    """A vocational certificate of a care worker."""

    kind: ClassVar[str] = "certificate"
    term: ClassVar[str] = "技能证书"

    grade: SkillGrade | None = fact("证书等级", source=_CERTIFIER)
    issued_on: Day | None = fact("发证日期", source=_CERTIFIER, may_be_future=True)
    revoked: Flag | None = fact("证书已失效", source=_CERTIFIER, note=Words("被撤销、注销的", "revoked or cancelled"))


class WorkMonth(Entity):
    """One month in a care post, as the allowance asks for it."""

    kind: ClassVar[str] = "work_month"
    term: ClassVar[str] = "在岗月份项"
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "breaches": ("事故和失德", ("liable_accident", "ethics_breach")),
    }

    month: Day | None = fact(
        "月份",
        source=EMPLOYER,
        may_be_future=True,
        note=Words("填该月一日，如 2024-10-01", "the first of the month, as 2024-10-01"),
    )
    attendance: Whole | None = fact("出勤天数", unit="day", range=(0, 31), source=EMPLOYER)
    under_contract: Flag | None = fact("当月合同有效", source=(EMPLOYER, "人社"))
    trained: Flag | None = fact("完成继续教育", source=(EMPLOYER, "人社"))
    liable_accident: Flag | None = fact("有责任事故", source=("民政", EMPLOYER))
    ethics_breach: Flag | None = fact("严重失德", source=("民政", EMPLOYER))
    institution_recognised: Flag | None = fact(
        "机构已备案", source="民政", note=Words("已备案或者经民政认可", "registered with civil affairs, or recognised")
    )

    def flaws(self) -> Iterable[Flaw]:
        """More days in the post than the month has."""
        if self.month is not None and self.attendance is not None:
            days = monthrange(self.month.year, self.month.month)[1]
            if self.attendance > days:
                yield Flaw(
                    ("attendance",),
                    "more-days-than-the-month",
                    Words(f"{self.month:%Y-%m} 只有 {days} 天", f"{self.month:%Y-%m} has {days} days only"),
                )


class Worker(Person):
    """A worker of an institution of elder care.

    >>> case = Worker.model_validate({"离职日期": "2025-03-31", "技能证书": [{"证书等级": "四级", "发证日期": "2023-05-06"}]})
    >>> case.settled().left, case.certificates[0].grade.term
    (True, '四级')
    """

    kind: ClassVar[str] = "worker"
    term: ClassVar[str] = "护理人员"
    always_stated: ClassVar[dict[str, str]] = {"wage_post": "skill"}

    birth_date: Day | None = fact("出生日期", source="公安")

    wage_post: WagePost | None = fact(
        "工资岗位", source=EMPLOYER, note=Words("劳动合同写的岗位；兼两岗的，按合同的一岗", "the post of the contract")
    )
    certificates: tuple[Certificate, ...] | None = fact(
        "技能证书", source=_CERTIFIER, note=Words("养老护理员职业技能等级证书；没有的为空", "empty where there is none")
    )
    appointment: SkillAppointment | None = fact("技能聘任", source=EMPLOYER)
    professional_title: TitleRank | None = fact(
        "职称",
        source=_CERTIFIER,
        note=Words("护士、康复、社工、营养等执业资格，按当地对应的层级", "a licence counts as its rank"),
    )
    management: ManagementRank | None = fact("管理任职", source=EMPLOYER)
    service_from: Day | None = fact(
        "从业起始日期",
        source=(EMPLOYER, "社保"),
        note=Words("从事养老服务工作的第一天，用来算年资", "first day of work in elder care: for seniority"),
    )
    appraisal: Appraisal | None = fact(
        "上年考核", source=EMPLOYER, note=Words("当地的条件表用到才填", "where the local table asks for it")
    )
    performance: Rate | None = fact(
        "绩效比例",
        unit="ratio",
        range=(0, 5),
        source=EMPLOYER,
        note=Words(
            "绩效占岗位工资的比例，0.1 即一成；没有绩效部分的填 0",
            "performance pay as a part of post pay: 0.1 is a tenth; 0 where there is none",
        ),
    )
    full_time: Flag | None = fact("全日制用工", source=EMPLOYER)

    entered_on: Day | None = fact(
        "入职日期", source=EMPLOYER, note=Words("到现在这家机构", "at the institution of today")
    )
    left: Flag | None = fact(
        "已离职", source=EMPLOYER, note=Words("填了离职日期的不必填写", "follows from the last day")
    )
    left_on: Day | None = fact("离职日期", source=EMPLOYER, note=Words("在岗的最后一天", "the last day in the post"))
    employment: EmploymentForm | None = fact("用工方式", source=(EMPLOYER, "人社"))
    contract_months: Whole | None = fact(
        "合同期限",
        unit="month",
        range=(0, 600),
        source=(EMPLOYER, "人社"),
        note=Words("月数；无固定期限的填 600", "in months; 600 where it has no end"),
    )
    insured: Flag | None = fact("依法参加社会保险", source="社保")
    work: CareWork | None = fact(
        "从事工作",
        source=EMPLOYER,
        note=Words(
            "专业：医疗保健、康复护理、营养调配、心理咨询、技术培训、能力评估等",
            "professional: medical, rehabilitation, nutrition, counselling, training, assessment",
        ),
    )
    public_post: Flag | None = fact(
        "公办机构事业编制", source=("人社", EMPLOYER), note=Words("在编人员", "holds a post on the public payroll")
    )
    non_profit: Flag | None = fact("非营利性机构", source="民政")
    education: Education | None = fact(
        "入职时学历", source=_SCHOOL, note=Words("入职以后提高的不算", "not what came later")
    )
    listed_school: Flag | None = fact(
        "毕业于规定院校",
        source=_SCHOOL,
        note=Words("普通高等院校、中高等职业学校，专业不限", "a university, college or vocational school; any subject"),
    )
    graduated_on: Day | None = fact("毕业日期", source=_SCHOOL)

    work_months: tuple[WorkMonth, ...] | None = fact("在岗月份", source=EMPLOYER)

    def flaws(self) -> Iterable[Flaw]:
        """Still there after the last day, gone before coming, one month stated twice."""
        if self.left is False and self.left_on is not None:
            yield Flaw(
                ("left",),
                "there-and-gone",
                Words(
                    f"填了离职日期 {self.left_on}，“已离职”又填了否",
                    f"left is false, and yet left_on is {self.left_on}",
                ),
                Words("改正其一；填了离职日期的不必填“已离职”", "correct one of them; left_on says it alone"),
            )
        if self.entered_on is not None and self.left_on is not None and self.left_on < self.entered_on:
            yield Flaw(
                ("left_on",),
                "gone-before-coming",
                Words(
                    f"“离职日期”{self.left_on} 早于“入职日期”{self.entered_on}",
                    f"left_on {self.left_on} is before entered_on, {self.entered_on}",
                ),
            )
        yield from self._months_stated_twice()

    def _months_stated_twice(self) -> Iterable[Flaw]:
        """An allowance is paid by the month: a month that is there twice would be paid twice."""
        first: dict[tuple[int, int], int] = {}
        for place, item in enumerate(self.work_months or ()):
            if item.month is None:
                continue
            named = (item.month.year, item.month.month)
            if named in first:
                where = f"work_months[{first[named]}]"
                yield Flaw(
                    ("work_months", place, "month"),
                    "month-twice",
                    Words(
                        f"{item.month:%Y-%m} 这个月填了两次，另一处是 {where}",
                        f"the month {item.month:%Y-%m} is stated twice, also as {where}",
                    ),
                    Words("删去一处", "remove one of them"),
                )
            first.setdefault(named, place)

    def settled(self) -> Self:
        """This case with the leaving that follows from a last day."""
        if self.left is None and self.left_on is not None:
            return self.model_copy(update={"left": True})
        return self
