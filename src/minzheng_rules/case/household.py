"""A household that asks for social assistance: the vocabulary of 低保, 低保边缘 and 特困.

Money is in yuan with at most two decimals, monthly unless the unit says otherwise. Every fact may be left out, and then
it is unknown; an empty list means declared none.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Self

from pydantic import model_validator

from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.enumerations import (
    AbilityLevel,
    AssetKind,
    BenefitKind,
    DisabilityGrade,
    DisabilityType,
    ElderService,
    EmergencyKind,
    HealthInsurance,
    HouseUse,
    HukouType,
    InjuryDependence,
    JobOfferResult,
    NursingGrade,
    PropertyIncomeKind,
    Rearing,
    RecognitionKind,
    RefusalHandling,
    Relation,
    RigidSpendingKind,
    Schooling,
    Sex,
    StudyMode,
    TransferInKind,
    TransferOutKind,
    VeteranDisability,
)
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Flag, Money, Rate, Text, Whole
from minzheng_rules.case.someone import Someone
from minzheng_rules.problems import Words

_MONTHLY = (0, 1_000_000)
_YEARLY = (0, 100_000_000)
_WEALTH = (0, 1_000_000_000)
_MONTHS = (0, 1_440)

# Rules ask whether two people are registered in one place, so a place has one spelling: its full official name.
_PROVINCE = ("省", "自治区", "市", "特别行政区")
_CITY = ("市", "州", "地区", "盟", "市辖区", "县")
_COUNTY = ("市", "县", "区", "旗")
_AS_ZHEJIANG = Words("写全称，如 浙江省", "full name, as 浙江省")
_AS_JIAXING = Words("写全称，如 嘉兴市", "full name, as 嘉兴市")
_AS_HAINING = Words("写全称，如 海宁市", "full name, as 海宁市")


NO_END = dt.date(2199, 12, 31)
"""The last day of a recognition or benefit entered without one: it goes on until somebody ends it."""


def _open_ended(data: object, term: str) -> object:
    """What was entered, with an end that is never reached where none was given."""
    if not isinstance(data, Mapping) or any(data.get(key) is not None for key in ("until", term)):
        return data
    return {**{key: value for key, value in data.items() if key != term}, "until": NO_END}


class Disability(Entity):
    """One class of disability on a certificate, with its grade."""

    kind: ClassVar[str] = "disability"
    term: ClassVar[str] = "残疾项"

    type: DisabilityType | None = fact("残疾类别", source="残联")
    grade: DisabilityGrade | None = fact("残疾等级", source="残联")


class Wage(Entity):
    """Pay from one employment, before necessary costs of working."""

    kind: ClassVar[str] = "wage"
    term: ClassVar[str] = "工资性收入项"

    amount: Money | None = fact(
        "月金额",
        unit="yuan/month",
        range=_MONTHLY,
        source=("税务", "社保", "申报"),
        note=Words("含奖金、津贴、补贴等全部劳动报酬", "all pay, with bonuses, allowances and subsidies"),
    )
    work_cost: Money | None = fact(
        "必要就业成本",
        unit="yuan/month",
        range=_MONTHLY,
        source="入户调查",
        judgement="乡镇（街道）",
        note=Words("按当地办法核定", "as assessed by the local method"),
    )


class Business(Entity):
    """Farming, trade or services on one's own account, as monthly averages."""

    kind: ClassVar[str] = "business"
    term: ClassVar[str] = "经营性收入项"

    revenue: Money | None = fact("月经营收入", unit="yuan/month", range=_MONTHLY, source=("税务", "申报"))
    expenses: Money | None = fact("月经营费用", unit="yuan/month", range=_MONTHLY, source=("税务", "申报"))
    depreciation: Money | None = fact(
        "月固定资产折旧",
        unit="yuan/month",
        range=_MONTHLY,
        source=("税务", "申报"),
        note=Words("生产性固定资产", "of fixed assets used in production"),
    )
    production_tax: Money | None = fact("月生产税", unit="yuan/month", range=_MONTHLY, source="税务")


class PropertyIncome(Entity):
    """Income from letting or transferring property, before its costs."""

    kind: ClassVar[str] = "property_income"
    term: ClassVar[str] = "财产性收入项"

    type: PropertyIncomeKind | None = fact("财产性收入类别", source=("不动产", "申报"))
    amount: Money | None = fact("月金额", unit="yuan/month", range=_MONTHLY, source=("不动产", "申报"))
    cost: Money | None = fact("月相关费用", unit="yuan/month", range=_MONTHLY, source="申报")


class TransferIn(Entity):
    """A regular payment received: a pension, maintenance, an allowance."""

    kind: ClassVar[str] = "transfer_in"
    term: ClassVar[str] = "转移性收入项"

    type: TransferInKind | None = fact("转移性收入类别", source=("社保", "申报"))
    amount: Money | None = fact("月金额", unit="yuan/month", range=_MONTHLY, source=("社保", "申报"))


class TransferOut(Entity):
    """A regular payment made: taxes, social insurance, maintenance."""

    kind: ClassVar[str] = "transfer_out"
    term: ClassVar[str] = "转移性支出项"

    type: TransferOutKind | None = fact("转移性支出类别", source=("税务", "社保", "申报"))
    amount: Money | None = fact("月金额", unit="yuan/month", range=_MONTHLY, source=("税务", "社保", "申报"))


class OtherIncome(Entity):
    """Income of no other class that still counts."""

    kind: ClassVar[str] = "other_income"
    term: ClassVar[str] = "其他收入项"

    amount: Money | None = fact("月金额", unit="yuan/month", range=_MONTHLY, source="申报")
    described: Text | None = fact("收入说明", source="申报")


class Recognition(Entity):
    """A status somebody was already recognised to have. One entered without an end is in force until further notice."""

    kind: ClassVar[str] = "recognition"
    term: ClassVar[str] = "认定项"

    type: RecognitionKind | None = fact("认定类别", source="民政")
    since: dt.date | None = fact("认定自", source="民政", may_be_future=True)
    until: dt.date | None = fact(
        "认定至",
        source="民政",
        may_be_future=True,
        note=Words("最后一天；仍有效的不填", "the last day; left out while in force"),
    )
    place: Text | None = fact("认定地", source="民政")

    @model_validator(mode="before")
    @classmethod
    def _in_force_without_an_end(cls, data: object) -> object:
        return _open_ended(data, "认定至")


class Benefit(Entity):
    """A benefit somebody draws now."""

    kind: ClassVar[str] = "benefit"
    term: ClassVar[str] = "待遇项"

    type: BenefitKind | None = fact("待遇类别", source=("民政", "社保", "残联"))
    amount: Money | None = fact("月金额", unit="yuan/month", range=_MONTHLY, source=("民政", "社保", "残联"))
    since: dt.date | None = fact("享受自", source=("民政", "社保", "残联"), may_be_future=True)
    until: dt.date | None = fact(
        "享受至",
        source=("民政", "社保", "残联"),
        may_be_future=True,
        note=Words("最后一天；仍在享受的不填", "the last day; left out while it is drawn"),
    )
    paid_in_full: Flag | None = fact(
        "全额发放",
        source="民政",
        note=Words(
            "按标准全额发放，不是补差；只问儿童基本生活补贴",
            "paid in full and not topped up; asked of child support only",
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _drawn_without_an_end(cls, data: object) -> object:
        return _open_ended(data, "享受至")


class JobOffer(Entity):
    """One job the employment service offered."""

    kind: ClassVar[str] = "job_offer"
    term: ClassVar[str] = "工作介绍项"

    date: dt.date | None = fact("介绍日期", source="人社")
    result: JobOfferResult | None = fact("工作介绍结果", source="人社", judgement="县级民政部门")
    suited: Flag | None = fact("与健康和劳动能力相适应", source="人社", judgement="县级民政部门")


class RigidSpending(Entity):
    """One thing a member had to pay for: treatment, school, rehabilitation."""

    kind: ClassVar[str] = "rigid_spending"
    term: ClassVar[str] = "刚性支出项"

    type: RigidSpendingKind | None = fact("刚性支出类别", source=("医保", "教育", "残联", "申报"))
    spent_on: dt.date | None = fact("支出日期", source=("医保", "教育", "残联", "申报"))
    amount: Money | None = fact("支出金额", unit="yuan", range=_WEALTH, source=("医保", "教育", "残联", "申报"))
    covered: Money | None = fact(
        "已支付补助金额",
        unit="yuan",
        range=_WEALTH,
        source=("医保", "残联", "申报"),
        note=Words(
            "基本医保、大病保险、医疗救助、补充与商业保险、政府补助已付的部分",
            "what insurers, medical assistance and subsidies paid of it",
        ),
    )
    within_rules: Flag | None = fact(
        "符合规定范围",
        source=("医保", "教育", "残联"),
        judgement="县级民政部门",
        note=Words(
            "医疗：定点机构、合规费用；教育：幼儿园至全日制本科的保教费、学费、住宿费；康复：当地目录以内；其他：县级民政部门认定",
            "treatment: contracted providers, covered costs; school: fees from kindergarten to a full-time bachelor; "
            "rehabilitation: on the local list; other: as the county finds",
        ),
    )
    public_rate: Money | None = fact(
        "同类公办收费标准",
        unit="yuan",
        range=_WEALTH,
        source="教育",
        note=Words(
            "只用于教育支出：就读地同类公办幼儿园、学校同期的收费",
            "for school fees: what a public school there charges for the same period",
        ),
    )


class Emergency(Entity):
    """One event that brought the household into hardship."""

    kind: ClassVar[str] = "emergency"
    term: ClassVar[str] = "急难项"

    type: EmergencyKind | None = fact("急难类别", source=("申报", "入户调查"))
    happened_on: dt.date | None = fact("急难发生日期", source=("申报", "入户调查"))
    severe: Flag | None = fact("致基本生活暂时严重困难", source="入户调查", judgement="乡镇（街道）")
    beyond_means: Flag | None = fact(
        "超出家庭承受能力",
        source="入户调查",
        judgement="乡镇（街道）",
        note=Words("只用于必需支出突增", "for sudden necessary spending only"),
    )
    urgent: Flag | None = fact("需立即救助", source="入户调查", judgement="乡镇（街道）")


class ResidencePermit(Entity):
    """A residence permit of the place of application: when it was issued, and every endorsement since."""

    kind: ClassVar[str] = "residence_permit"
    term: ClassVar[str] = "居住证项"

    issued_on: dt.date | None = fact("签发日期", source="公安")
    restarted_on: dt.date | None = fact(
        "补办签注日期",
        source="公安",
        note=Words(
            "逾期未签注后补办的日期，最近一次；没有中断过的不填，并填“签注曾逾期”否",
            "the latest late endorsement; left out, with lapsed false, where none was ever late",
        ),
    )
    lapsed: Flag | None = fact("签注曾逾期", source="公安")
    in_force_until: dt.date | None = fact(
        "签注有效至", source="公安", may_be_future=True, note=Words("最近一次签注管到哪一天", "the last day endorsed")
    )


class CareCharge(Entity):
    """What an old person's care costs in the month, by where it is given."""

    kind: ClassVar[str] = "care_charge"
    term: ClassVar[str] = "养老服务费项"

    service: ElderService | None = fact("养老服务方式", source=("养老机构", "民政"))
    amount: Money | None = fact(
        "月服务费",
        unit="yuan/month",
        range=_MONTHLY,
        source=("养老机构", "民政"),
        note=Words(
            "本人负担、消费补贴可以抵扣的费用；长期护理保险已付的不算",
            "what a voucher may pay of the charges, long-term care insurance taken off",
        ),
    )


class Obligor(Entity):
    """Somebody the law obliges to support this person: a relation, by reference to a member or a supporter."""

    kind: ClassVar[str] = "obligor"
    term: ClassVar[str] = "义务关系"

    person: Text | None = fact("义务人", refers_to="person", source="公安")
    relation: Relation | None = fact(
        "义务人身份",
        source="公安",
        note=Words(
            "义务人是本人的什么人：父母即义务人为其父或母", "what the obligor is to this person: parent, child …"
        ),
    )
    raised_by: Flag | None = fact(
        "由其抚养长大",
        source="入户调查",
        note=Words("义务人由本人抚养长大（弟妹对兄姐）", "the obligor was raised by this person (sibling duty)"),
    )
    in_household: Flag | None = fact(
        "是申报成员",
        source="申报",
        note=Words(
            "义务人也在申报成员中；由“义务人”的编号得出，不必填写",
            "the obligor is entered as a member too; follows from the reference and need not be entered",
        ),
    )

    def knowing(self, members: frozenset[str]) -> Self:
        """This tie with whether the obligor is a member, which follows from whom it refers to."""
        if self.person is None or self.in_household is not None:
            return self
        return self.model_copy(update={"in_household": self.person in members})


class Person(Someone):
    """What is asked of anybody, in the household or outside it. Never entered as such: members and supporters are."""

    kind: ClassVar[str] = "person"
    term: ClassVar[str] = "人"
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "income": (
            "全部收入",
            ("wages", "businesses", "property_incomes", "transfers_in", "transfers_out", "other_incomes"),
        ),
        "special_circumstances": (
            "特殊情形",
            (
                "in_prison",
                "in_forced_detox",
                "in_labour_reeducation",
                "declared_missing",
                "deceased",
                "no_civil_capacity",
                "clergy",
                "is_tekun",
            ),
        ),
        "records": ("认定记录", ("recognitions",)),
        "parental_failings": (
            "不能抚养情形",
            (
                "deceased",
                "declared_missing",
                "restricted_months",
                "out_of_contact_months",
                "guardianship_revoked",
                "expelled",
            ),
        ),
    }

    birth_date: dt.date | None = fact("出生日期", range=("1900-01-01", "2199-12-31"), source="公安")
    sex: Sex | None = fact("性别", source="公安")

    hukou_here: Flag | None = fact(
        "户籍在本地",
        source="公安",
        note=Words("本地：申请地的县（市、区）", "here: the county where the household applies"),
    )
    hukou_province: Text | None = fact("户籍省", source="公安", endings=_PROVINCE, note=_AS_ZHEJIANG)
    hukou_city: Text | None = fact("户籍市", source="公安", endings=_CITY, note=_AS_JIAXING)
    hukou_county: Text | None = fact("户籍县", source="公安", endings=_COUNTY, note=_AS_HAINING)
    hukou_town: Text | None = fact("户籍乡镇", source="公安")
    hukou_type: HukouType | None = fact("户口性质", source="公安")
    lives_here: Flag | None = fact("经常居住在本地", source=("公安", "入户调查"))
    lives_in_province: Text | None = fact("居住省", source=("公安", "入户调查"), endings=_PROVINCE, note=_AS_ZHEJIANG)
    lives_in_city: Text | None = fact("居住市", source=("公安", "入户调查"), endings=_CITY, note=_AS_JIAXING)
    lives_in_county: Text | None = fact("居住县", source=("公安", "入户调查"), endings=_COUNTY, note=_AS_HAINING)
    lives_in_town: Text | None = fact("居住乡镇", source=("公安", "入户调查"))
    residence_permit_here: Flag | None = fact("持有本地居住证", source="公安")
    own_register: Flag | None = fact("单独立户", source="公安")

    disabilities: tuple[Disability, ...] | None = fact("残疾", source="残联")
    disability_certificate: Flag | None = fact("持有残疾人证", source="残联")
    serious_illness: Flag | None = fact("患当地认定的重特大疾病", source="医保", judgement="当地有关部门")
    able_to_work: Flag | None = fact("有劳动能力", source="入户调查", judgement="乡镇（街道）")
    lost_ability_to_work: Flag | None = fact("丧失劳动能力", source="入户调查", judgement="县级民政部门")
    jobless: Flag | None = fact("无业", source=("社保", "税务", "入户调查"))
    no_civil_capacity: Flag | None = fact("无民事行为能力", source="法院")
    found_not_independent: Flag | None = fact("经认定不能独立生活", source="入户调查", judgement="乡镇（街道）")

    deceased: Flag | None = fact(
        "已死亡", source=("公安", "法院"), note=Words("含被宣告死亡", "or declared dead by a court")
    )
    in_prison: Flag | None = fact("在监狱服刑", source=("公安", "司法"))
    in_forced_detox: Flag | None = fact("被强制隔离戒毒", source="公安")
    in_labour_reeducation: Flag | None = fact(
        "被劳动教养",
        source="公安",
        note=Words("制度已于二〇一三年废止；只用于旧案", "abolished in 2013; for back-dated cases"),
    )
    declared_missing: Flag | None = fact("被宣告失踪", source="法院")
    clergy: Flag | None = fact("宗教教职人员", source="民宗")
    months_away: Whole | None = fact(
        "连续离家月数", unit="month", range=_MONTHS, source="入户调查", note=Words("已满的月数", "full months")
    )
    months_in_religious_site: Whole | None = fact("宗教场所居住月数", unit="month", range=_MONTHS, source="民宗")

    is_tekun: Flag | None = fact(
        "是特困人员",
        source="民政",
        note=Words(
            "民政已有定论的填是或否；没有认定、要按条件审核的不填，改填“本人已认定”（空即没有）",
            "yes or no where it is settled; to have the conditions examined leave it out and state the recognitions (none)",
        ),
    )
    is_dibao: Flag | None = fact(
        "是低保对象", source="民政", note=Words("同上", "yes or no where it is settled, as for is_tekun")
    )
    recognitions: tuple[Recognition, ...] | None = fact(
        "本人已认定",
        source="民政",
        note=Words(
            "在册的认定；声明为无，即没有任何认定，与受助身份有关的都按条件审核",
            "recognitions on record; declared none, whatever turns on being a recipient is decided by the conditions",
        ),
    )
    status_from_recognitions: Flag | None = fact(
        "身份依认定记录",
        source="民政",
        note=Words(
            "受助身份看“本人已认定”（是）还是看“是特困人员”“是低保对象”（否）；由填了哪一处得出，不必填写",
            "whether being a recipient is read off the recognitions (yes) or off is_tekun and is_dibao (no); follows from which of them is stated and need not be entered",
        ),
    )
    benefits: tuple[Benefit, ...] | None = fact("现享待遇", source=("民政", "社保", "残联"))

    wages: tuple[Wage, ...] | None = fact("工资性收入", source=("税务", "社保", "申报"))
    businesses: tuple[Business, ...] | None = fact("经营性收入", source=("税务", "申报"))
    property_incomes: tuple[PropertyIncome, ...] | None = fact("财产性收入", source=("不动产", "申报"))
    transfers_in: tuple[TransferIn, ...] | None = fact("转移性收入", source=("社保", "申报"))
    transfers_out: tuple[TransferOut, ...] | None = fact("转移性支出", source=("税务", "社保", "申报"))
    other_incomes: tuple[OtherIncome, ...] | None = fact("其他收入", source="申报")

    yearly_income: Money | None = fact(
        "年收入",
        unit="yuan/year",
        range=_YEARLY,
        source=("税务", "社保"),
        note=Words("本人上年收入", "own income last year"),
    )
    able_to_support: Flag | None = fact("有负担能力", source="入户调查", judgement="乡镇（街道）")
    agrees_to_check: Flag | None = fact("同意核对经济状况", source="申报")

    obligors: tuple[Obligor, ...] | None = fact(
        "法定义务关系",
        source="公安",
        note=Words(
            "依法对本人有赡养、抚养、扶养义务的在世亲属；空即没有",
            "living relatives whom the law obliges to support this person; empty means there is none",
        ),
    )
    guardian: Text | None = fact("监护人", refers_to="person", source=("公安", "法院"))

    # Asked of the parents of a child whom nobody may be bringing up.
    restricted_months: Whole | None = fact(
        "限制人身自由期限",
        unit="month",
        range=_MONTHS,
        source=("公安", "司法", "法院"),
        note=Words(
            "服刑、强制隔离戒毒或被执行其他限制人身自由措施的期限（判决、决定的期限）；没有的填 0",
            "the term of imprisonment, forced detox or another measure restricting liberty; 0 where there is none",
        ),
    )
    out_of_contact_months: Whole | None = fact(
        "失联且未履职月数",
        unit="month",
        range=_MONTHS,
        source=("公安", "入户调查"),
        judgement="乡镇（街道）",
        note=Words(
            "失去联系并且未履行监护抚养责任已满的月数，凭公安机关查找情况回执或查验确认；没有失联的填 0",
            "full months out of contact and without caring for the child, as the police or the township found; 0 if not",
        ),
    )
    guardianship_revoked: Flag | None = fact("被撤销监护资格", source="法院")
    expelled: Flag | None = fact("被遣送出境", source="公安", note=Words("含驱逐出境", "or deported"))

    def _says_more_than_the_record(self) -> bool:
        """Whether a status is stated that the recognitions, which are stated too, know nothing of: somebody must say."""
        if self.recognitions is None:
            return False
        recorded = {recognition.type for recognition in self.recognitions}
        stated = ((self.is_tekun, RecognitionKind.TEKUN), (self.is_dibao, RecognitionKind.DIBAO))
        return any(held and kind not in recorded for held, kind in stated)

    def knowing(self, members: frozenset[str]) -> Self:
        """This person with what follows from what was entered: where statuses are read off, which obligors are members."""
        update: dict[str, Any] = {}
        if self.status_from_recognitions is None and not self._says_more_than_the_record():
            if self.recognitions is not None:
                update["status_from_recognitions"] = True
            elif self.is_tekun is not None or self.is_dibao is not None:
                update["status_from_recognitions"] = False
        if self.recognitions is not None:
            # Where there is a record, a sweeping "none" adds nothing: kept, it would decide if the record were forgotten.
            said_no = tuple(name for name in ("is_tekun", "is_dibao") if name in self.declared_none)
            if said_no:
                update |= dict.fromkeys(said_no)
                update["declared_none"] = tuple(name for name in self.declared_none if name not in said_no)
        if any(tie.in_household is None and tie.person is not None for tie in self.obligors or ()):
            update["obligors"] = tuple(tie.knowing(members) for tie in self.obligors or ())
        return self.model_copy(update=update) if update else self


class Member(Person):
    """Somebody entered in the application. Who of them counts in the household is derived, never entered."""

    kind: ClassVar[str] = "member"
    term: ClassVar[str] = "成员"
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        **Person.groups,
        "special_circumstances": (
            "特殊情形",
            (*Person.groups["special_circumstances"][1], "chooses_child_support", "withdraws_from_tekun"),
        ),
        "care_and_ageing": (
            "照护养老情形",
            (
                "long_term_care_months",
                "dementia",
                "care_charges",
                "voucher_used",
                "work_injured",
                "disabled_veteran",
                "care_bill",
            ),
        ),
        "other_circumstances": (
            "其他救助情形",
            (
                "rigid_spendings",
                "employment_income_increase",
                "employment_increase_months",
                "refusal_reduction",
                "reservoir_resettled",
                "mental_disorder",
            ),
        ),
    }
    always_stated: ClassVar[dict[str, str]] = {"relation": "applicant"}

    relation: Relation | None = fact(
        "关系",
        source="公安",
        note=Words("是申请人的什么人；申请人自己填“本人”", "what this member is to the applicant"),
    )
    schooling: Schooling | None = fact("学段", source="教育", note=Words("不在校的填“无”", "“none” if not enrolled"))
    study_mode: StudyMode | None = fact("学习形式", source="教育")
    legal_duty: Flag | None = fact(
        "具有法定义务关系", source="公安", note=Words("法定赡养、扶养、抚养义务关系", "a statutory duty of support")
    )
    long_term_together: Flag | None = fact("长期共同居住", source="入户调查", judgement="乡镇（街道）")
    applies_alone: Flag | None = fact(
        "单独提出申请", source="申报", note=Words("本人另以单人户提出申请", "applies as a household of one")
    )

    rigid_spending_deduction: Money | None = fact(
        "核定刚性支出扣减额",
        unit="yuan/month",
        range=_MONTHLY,
        source=("医保", "入户调查"),
        judgement="县级民政部门",
        note=Words("因残疾、患重病等增加的刚性支出，按当地办法核定", "extra spending forced by disability or illness"),
    )
    support_waived: Money | None = fact(
        "视情豁免供养费",
        unit="yuan/month",
        range=_MONTHLY,
        source=("入户调查", "民政"),
        judgement="县级民政部门",
        note=Words(
            "成年无业重残人员从兄弟姐妹或六十周岁以上老年人所得供养费中豁免的数额",
            "support from siblings or people over sixty that is not counted, for a jobless, severely disabled adult",
        ),
    )
    employment_income_increase: Money | None = fact(
        "就业增加月收入",
        unit="yuan/month",
        range=_MONTHLY,
        source=("社保", "税务"),
        note=Words(
            "享受低保期间因就业而增加的月收入；已在工资性收入内", "the part of wages gained by work while on dibao"
        ),
    )
    employment_increase_months: Whole | None = fact(
        "就业增收已满月数", unit="month", range=_MONTHS, source=("社保", "税务")
    )
    job_offers: tuple[JobOffer, ...] | None = fact("工作介绍", source="人社")
    refusal_handling: RefusalHandling | None = fact("拒绝处理", source="民政", judgement="县级民政部门")
    refusal_reduction: Money | None = fact(
        "月减发额", unit="yuan/month", range=_MONTHLY, source="民政", judgement="县级民政部门"
    )
    chooses_child_support: Flag | None = fact(
        "选择儿童基本生活保障",
        source="申报",
        note=Words(
            "也符合孤儿或事实无人抚养儿童条件的未成年人选择那一项保障",
            "a minor who also qualifies as an orphan or unattended child chooses that support instead",
        ),
    )
    withdraws_from_tekun: Flag | None = fact("自愿退出特困供养", source="申报")

    eats_alone: Flag | None = fact("自主吃饭", source="入户调查", judgement="县级民政部门")
    dresses_alone: Flag | None = fact("自主穿衣", source="入户调查", judgement="县级民政部门")
    gets_up_alone: Flag | None = fact("自主上下床", source="入户调查", judgement="县级民政部门")
    uses_toilet_alone: Flag | None = fact("自主如厕", source="入户调查", judgement="县级民政部门")
    walks_indoors_alone: Flag | None = fact("室内自主行走", source="入户调查", judgement="县级民政部门")
    bathes_alone: Flag | None = fact("自主洗澡", source="入户调查", judgement="县级民政部门")

    rigid_spendings: tuple[RigidSpending, ...] | None = fact("刚性支出", source=("医保", "教育", "残联", "申报"))
    residence_permits: tuple[ResidencePermit, ...] | None = fact(
        "本地居住证", source="公安", note=Words("没有的为空", "empty where there is none")
    )
    insured_months_here: Whole | None = fact(
        "本地社保缴纳月数",
        unit="month",
        range=_MONTHS,
        source="社保",
        note=Words("在申请地累计的月数", "months of social insurance in the place of application"),
    )
    # The certificate of disability, and care.
    certificate_issued: dt.date | None = fact("残疾人证签发日期", source="残联")
    certificate_end_printed: Flag | None = fact(
        "残疾人证印有期限",
        source="残联",
        note=Words(
            "填了“残疾人证有效期至”的即是，不必填写；证上没有印的填否",
            "yes follows from certificate_until; no where the card bears no last day",
        ),
    )
    certificate_until: dt.date | None = fact(
        "残疾人证有效期至",
        source="残联",
        may_be_future=True,
        note=Words("证上所印的最后一天", "the last day as printed"),
    )
    certificate_cancelled: Flag | None = fact("残疾人证已注销", source="残联")
    no_steady_income: Flag | None = fact(
        "无固定收入",
        source=("社保", "税务", "入户调查"),
        note=Words("没有工资、养老金等固定收入", "no pay, pension or the like"),
    )
    long_term_care_months: Whole | None = fact(
        "长期照护月数",
        unit="month",
        range=_MONTHS,
        source=("残联", "入户调查"),
        judgement="县级残联",
        note=Words(
            "因残疾需要特殊护理用品和照护服务已持续的月数；不需要的填 0",
            "for how many months special care has been needed; 0 where none is needed",
        ),
    )
    nursing_grade: NursingGrade | None = fact("护理等级", source="残联", judgement="县级残联")
    ability_level: AbilityLevel | None = fact(
        "失能等级", source="民政", judgement="评估机构", note=Words("按 GB/T 42195 评估", "as assessed by GB/T 42195")
    )
    disabled_months: Whole | None = fact(
        "失能持续月数", unit="month", range=_MONTHS, source=("医保", "民政"), judgement="评估机构"
    )
    dementia: Flag | None = fact("失智", source=("民政", "医保"), judgement="评估机构")
    lives_alone: Flag | None = fact("独居", source="入户调查")
    care_charges: tuple[CareCharge, ...] | None = fact("养老服务费", source=("养老机构", "民政"))
    voucher_used: Money | None = fact("当月已用消费补贴", unit="yuan/month", range=_MONTHLY, source="民政")

    # A child and its parents.
    father: Text | None = fact(
        "父亲",
        refers_to="person",
        source="公安",
        note=Words(
            "依法登记的父亲，含养父；已故、失踪、失联的填在家庭外义务人名单里再在此引用",
            "the father in law, by birth or adoption; one who died or is missing is entered among the supporters",
        ),
    )
    mother: Text | None = fact("母亲", refers_to="person", source="公安", note=Words("同上", "as for the father"))
    father_unidentified: Flag | None = fact(
        "父亲身份不明",
        source=("公安", "民政"),
        note=Words("填了“父亲”的即不是，不必填写", "no follows from father and need not be entered"),
    )
    mother_unidentified: Flag | None = fact(
        "母亲身份不明",
        source=("公安", "民政"),
        note=Words("填了“母亲”的即不是，不必填写", "no follows from mother and need not be entered"),
    )
    parents_not_found: Flag | None = fact("查找不到生父母", source=("公安", "民政"))
    rearing: Rearing | None = fact("儿童养育方式", source="民政")

    # Allowances of other departments, some of which compete with those of civil affairs.
    reservoir_resettled: Flag | None = fact(
        "水库移民",
        source="水利",
        note=Words(
            "登记在册的大中型水库农村移民",
            "registered as resettled from the countryside for a large or medium reservoir",
        ),
    )
    resettled_on: dt.date | None = fact("搬迁完成日期", source="水利")
    mental_disorder: Flag | None = fact(
        "精神障碍患者",
        source="卫健",
        judgement="精神科执业医师",
        note=Words("经诊断的，不论有没有残疾人证", "diagnosed, with a certificate of disability or without"),
    )
    fit_for_rehabilitation: Flag | None = fact(
        "适宜社区康复",
        source=("卫健", "民政"),
        judgement="精神科执业医师或康复机构",
        note=Words("病情稳定、有康复需求的", "stable, and in need of rehabilitation"),
    )
    work_injured: Flag | None = fact("工伤职工", source="人社", note=Words("认定为工伤的职工", "found injured at work"))
    disabled_veteran: Flag | None = fact("残疾军人", source="退役军人")
    injury_dependence: InjuryDependence | None = fact("工伤护理依赖", source="人社", judgement="劳动能力鉴定委员会")
    veteran_disability: VeteranDisability | None = fact("残疾军人情形", source="退役军人")
    health_insurance: HealthInsurance | None = fact("参加医保", source="医保")
    care_assessed: Flag | None = fact(
        "长护险评估通过",
        source="医保",
        judgement="医保部门",
        note=Words("达到当地规定的失能等级", "at a level the place insures"),
    )
    care_bill: Money | None = fact(
        "月护理服务费",
        unit="yuan/month",
        range=_MONTHLY,
        source="医保",
        note=Words("不含床位费、膳食费", "without bed and board"),
    )

    def knowing(self, members: frozenset[str]) -> Self:
        """This person with what follows from what was entered: a certificate whose last day is stated bears one, and a
        parent who is named is identified."""
        known = super().knowing(members)
        update: dict[str, Any] = {}
        if known.certificate_end_printed is None and known.certificate_until is not None:
            update["certificate_end_printed"] = True
        if known.father_unidentified is None and known.father is not None:
            update["father_unidentified"] = False
        if known.mother_unidentified is None and known.mother is not None:
            update["mother_unidentified"] = False
        return known.model_copy(update=update) if update else known

    def flaws(self) -> Iterator[Flaw]:
        """Not at school, and yet a mode of study."""
        if self.schooling is Schooling.NONE and self.study_mode is not None:
            yield Flaw(
                ("study_mode",),
                "not-at-school",
                Words("“学段”填“无”的不填“学习形式”", "a member with schooling none has no study_mode"),
            )


class Supporter(Person):
    """Somebody outside the household whom the law obliges to support a member."""

    kind: ClassVar[str] = "supporter"
    term: ClassVar[str] = "家庭外义务人"

    alive: Flag | None = fact("在世", source="公安")

    def knowing(self, members: frozenset[str]) -> Self:
        """This person with what follows from what was entered; somebody no longer alive has died."""
        known = super().knowing(members)
        if known.deceased is None and known.alive is not None:
            return known.model_copy(update={"deceased": not known.alive})
        return known


class FinancialAsset(Entity):
    """One account, holding or claim."""

    kind: ClassVar[str] = "financial_asset"
    term: ClassVar[str] = "金融资产项"

    type: AssetKind | None = fact("金融资产类别", source="核对")
    amount: Money | None = fact("金额", unit="yuan", range=_WEALTH, source="核对")


class Vehicle(Entity):
    """One motor vehicle registered to a member."""

    kind: ClassVar[str] = "vehicle"
    term: ClassVar[str] = "机动车项"

    disability_aid: Flag | None = fact("残疾人功能性补偿代步机动车", source=("车管", "残联"))
    needed_for_living: Flag | None = fact("维持生产生活必需", source="入户调查", judgement="乡镇（街道）")
    value: Money | None = fact("车辆现值", unit="yuan", range=_WEALTH, source="车管")


class House(Entity):
    """One house or flat owned by a member."""

    kind: ClassVar[str] = "house"
    term: ClassVar[str] = "房屋项"

    use: HouseUse | None = fact("房屋用途", source=("不动产", "入户调查"))
    area: Rate | None = fact("建筑面积", unit="square_metre", range=(0, 100_000), source="不动产")
    value: Money | None = fact("房屋现值", unit="yuan", range=_WEALTH, source="不动产")


class Household(Entity):
    """A household as it applies: everybody it enters, what it owns, and those outside who may owe support."""

    kind: ClassVar[str] = "household"
    term: ClassVar[str] = "家庭"
    not_spoken_for: ClassVar[tuple[str, ...]] = ("supporters",)
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "records": ("认定记录", ("household_recognitions",)),
        "other_circumstances": (
            "其他救助情形",
            (
                "emergencies",
                "emergency_here",
                "asks_about_standards",
                "asks_relative_low_income",
                "wandering",
                "obtained_by_fraud",
            ),
        ),
    }
    always_stated: ClassVar[dict[str, str]] = {"members": ""}

    members: tuple[Member, ...] | None = fact("申报成员", source="申报")
    supporters: tuple[Supporter, ...] | None = fact("家庭外义务人名单", source=("申报", "公安"))

    application_date: dt.date | None = fact("申请日期", source="民政")
    confirmation_date: dt.date | None = fact(
        "确认日期", source="民政", may_be_future=True, note=Words("审核确认决定的日期", "the day the decision was made")
    )
    income_irregular: Flag | None = fact("收入来源不固定", source="入户调查", judgement="乡镇（街道）")
    household_recognitions: tuple[Recognition, ...] | None = fact("家庭已认定", source="民政")
    emergency_here: Flag | None = fact(
        "急难发生在本地",
        source=("申报", "入户调查"),
        note=Words("临时救助向急难发生地申请", "temporary assistance is asked for where the emergency arises"),
    )

    emergencies: tuple[Emergency, ...] | None = fact(
        "急难情形", source=("申报", "入户调查"), note=Words("没有的为空", "empty where there is none")
    )
    especially_hard: Flag | None = fact("特别困难", source="入户调查", judgement="县级民政部门")
    obtained_by_fraud: Money | None = fact(
        "骗取救助金额",
        unit="yuan",
        range=_WEALTH,
        source="民政",
        judgement="县级民政部门",
        note=Words(
            "经查实以虚报、隐瞒、伪造等手段骗取的救助款和物资折价；没有的填 0",
            "assistance found to have been obtained by false or forged statements, goods at their value; 0 where none was",
        ),
    )
    living_spending: Money | None = fact(
        "核定月生活支出",
        unit="yuan/month",
        range=_MONTHLY,
        source="入户调查",
        judgement="县级民政部门",
        note=Words("必要的衣食住行用", "necessary food, clothing, housing, transport and goods"),
    )
    dibao_before_work: Money | None = fact(
        "就业前月低保金",
        unit="yuan/month",
        range=_MONTHLY,
        source="民政",
        note=Words("成员就业以前全家每月领取的低保金", "what the household drew a month before a member found work"),
    )
    asks_about_standards: Flag | None = fact("核对低保标准", source="民政")
    asks_relative_low_income: Flag | None = fact("申请相对低收入认定", source="申报")
    wandering: Flag | None = fact("生活无着流散", source=("公安", "民政"), judgement="救助管理机构")
    cannot_house_or_feed: Flag | None = fact("自身无力解决食宿", source="民政", judgement="救助管理机构")
    nobody_to_turn_to: Flag | None = fact("无亲友投靠", source="民政", judgement="救助管理机构")
    needs_escort: Flag | None = fact(
        "行动不便或年幼年老",
        source="民政",
        judgement="救助管理机构",
        note=Words("残疾人、未成年人、老年人或者行动不便的人", "disabled, a minor, old, or hard of moving"),
    )
    stay_extended_for: Flag | None = fact(
        "等待接回治疗安置",
        source="民政",
        judgement="救助管理机构",
        note=Words("等待接回、治疗或者安置", "waiting to be fetched, treated or settled"),
    )

    financial_assets: tuple[FinancialAsset, ...] | None = fact("金融资产", source="核对")
    financial_assets_total: Money | None = fact(
        "金融资产总额",
        unit="yuan",
        range=_WEALTH,
        source="核对",
        note=Words("各项都填时由其合计", "the sum of the items, when all are given"),
    )
    vehicles: tuple[Vehicle, ...] | None = fact("机动车", source="车管")
    houses: tuple[House, ...] | None = fact("房屋", source="不动产")

    def settled(self) -> Self:
        """The household with what follows from its facts with certainty: the total of its financial assets, where people's
        statuses are read off, which obligors are members."""
        known = self._with_people_known()
        summed = known._sum_of_assets()
        if summed is None or (known.financial_assets_total is not None and not known._total_is_ours()):
            return known
        origins = {**known.origins, "financial_assets_total": "sum"}
        return known.model_copy(update={"financial_assets_total": summed, "origins": origins})

    def _with_people_known(self) -> Self:
        ids = frozenset(member.id for member in self.members or () if member.id is not None)
        ids |= {other.id for other in self.supporters or () if other.id is not None and other.same_as in ids}
        update: dict[str, Any] = {}
        for name in ("members", "supporters"):
            people: tuple[Person, ...] = getattr(self, name) or ()
            known = tuple(person.knowing(ids) for person in people)
            if any(new is not old for new, old in zip(known, people, strict=True)):
                update[name] = known
        return self.model_copy(update=update) if update else self

    def flaws(self) -> Iterator[Flaw]:
        """No members, not exactly one applicant, two spouses, a total that is not the sum of its parts."""
        yield from _flaws_of_members(self.members or ())
        total, summed = self.financial_assets_total, self._sum_of_assets()
        if total is None or summed is None or self._total_is_ours() or total == summed:
            return
        yield Flaw(
            ("financial_assets_total",),
            "total-differs",
            Words(
                f"金融资产总额 {total} 与各项之和 {summed} 不一致",
                f"financial_assets_total is {total}, but the items add up to {summed}",
            ),
            Words("改正其一，或只填一处", "correct one of them, or state only one"),
        )

    def _sum_of_assets(self) -> Decimal | None:
        """The sum of the items; ``None`` if there is no list, or an amount in it is unknown."""
        if self.financial_assets is None:
            return None
        amounts = [asset.amount for asset in self.financial_assets]
        return (
            sum((amount for amount in amounts if amount is not None), Decimal("0.00")) if None not in amounts else None
        )

    def _total_is_ours(self) -> bool:
        """Whether the total was summed up earlier, so that it follows the items instead of contradicting them."""
        return self.origins.get("financial_assets_total") == "sum"


def _flaws_of_members(members: tuple[Member, ...]) -> Iterator[Flaw]:
    if not members:
        yield Flaw(
            ("members",),
            "no-members",
            Words("没有申报成员：至少应有申请人本人", "there are no members: at least the applicant must be entered"),
        )
        return
    applicants = [place for place, member in enumerate(members) if member.relation is Relation.APPLICANT]
    if not applicants:
        yield Flaw(
            ("members",),
            "no-applicant",
            Words("没有申请人：应有一名成员的“关系”是“本人”", "no applicant: one member's relation must be applicant"),
        )
    for place in applicants[1:]:
        yield Flaw(
            ("members", place, "relation"),
            "two-applicants",
            Words(
                f"申请人只能有一名：第 {applicants[0] + 1} 名成员已是“本人”",
                f"there can be only one applicant: member {applicants[0] + 1} is the applicant already",
            ),
            Words("改填与申请人的关系", "enter what this member is to the applicant"),
        )
    spouses = [place for place, member in enumerate(members) if member.relation is Relation.SPOUSE]
    for place in spouses[1:]:
        yield Flaw(
            ("members", place, "relation"),
            "two-spouses",
            Words(
                f"申请人的配偶只能有一名：第 {spouses[0] + 1} 名成员已是“配偶”",
                f"the applicant can have only one spouse: member {spouses[0] + 1} is entered as the spouse already",
            ),
        )
