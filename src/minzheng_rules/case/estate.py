"""What a person in 特困 support owns, and what becomes of it after death: the vocabulary of property and succession.

One case is about one person, living or dead. Money is in yuan with at most two decimals; shares are stated as a numerator
and a denominator, so that a third is a third. Every fact may be left out, and then it is unknown; an empty list means
declared none. Chinese Civil Code (民法典), book six.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Money, Text, Whole
from minzheng_rules.case.someone import Someone
from minzheng_rules.problems import Words

_WEALTH = (0, 1_000_000_000)
_PARTS = (1, 1_000)
_PARTS_OR_NONE = (0, 1_000)


@enumeration("kinship", "亲属身份")
class Kinship(Choice):
    """What somebody is to the person whose property it is; children and parents by adoption or upbringing included."""

    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    WIDOWED_CHILD_IN_LAW = "widowed_child_in_law", "丧偶儿媳女婿"
    SIBLING = "sibling", "兄弟姐妹"
    GRANDPARENT = "grandparent", "祖父母"
    OTHER = "other", "其他亲属"


@enumeration("civil_capacity", "民事行为能力")
class CivilCapacity(Choice):
    """Whether somebody can dispose of property on their own."""

    FULL = "full", "完全民事行为能力"
    LIMITED = "limited", "限制民事行为能力"
    NONE = "none", "无民事行为能力"


@enumeration("property_kind", "财产类别")
class PropertyKind(Choice):
    """What a piece of property is."""

    MONEY = "money", "存款现金"
    BUILDING = "building", "房屋"
    LAND_YIELD = "land_yield", "承包地收益"
    BELONGINGS = "belongings", "生活用品"
    CLAIM = "claim", "债权"
    OTHER = "other", "其他财产"


@enumeration("owner", "权属")
class Owner(Choice):
    """Whose something is that the person uses or holds."""

    PERSON = "person", "属本人"
    SUPPORT_BODY = "support_body", "属供养机构或集体"
    ANOTHER = "another", "属他人"


@enumeration("custodian", "保管方式")
class Custodian(Choice):
    """Who keeps something for the person."""

    PERSON = "person", "本人保管"
    GUARDIAN = "guardian", "监护人保管"
    OFFICIAL = "official", "经办人员代管"
    SUPPORT_BODY = "support_body", "供养机构代管"
    ANOTHER = "another", "他人代管"


@enumeration("agreement_performance", "协议履行情况")
class AgreementPerformance(Choice):
    """How an agreement of support and bequest ended."""

    PERFORMED = "performed", "已履行"
    DROPPED_BY_SUPPORTER = "dropped_by_supporter", "扶养人无故不履行致解除"
    DROPPED_BY_PERSON = "dropped_by_person", "本人无故不履行致解除"


@enumeration("drawn_benefit", "生前待遇类别")
class DrawnBenefit(Choice):
    """A benefit somebody drew by the month until death."""

    TEKUN = "tekun", "特困供养金"
    DIBAO = "dibao", "低保金"
    DISABILITY_LIVING = "disability_living", "困难残疾人生活补贴"
    DISABILITY_NURSING = "disability_nursing", "重度残疾人护理补贴"
    ORPHAN_LIVING = "orphan_living", "孤儿基本生活费"
    UNSUPPORTED_CHILD = "unsupported_child", "事实无人抚养儿童基本生活补贴"
    OLD_AGE_ALLOWANCE = "old_age_allowance", "高龄津贴"
    LONGEVITY = "longevity", "长寿保健补助费"
    HARDSHIP_ELDER = "hardship_elder", "困难老年人基本生活补助"
    ELDERLY_CARE = "elderly_care", "养老服务补贴"
    PENSION = "pension", "养老金"
    OTHER = "other", "其他待遇"


@enumeration("funeral_item", "殡葬项目类别")
class FuneralItem(Choice):
    """What a funeral home charges for: the basic items of the regulations, or something that is on no list."""

    TRANSPORT = "transport", "遗体接运"
    STORAGE = "storage", "遗体存放"
    FAREWELL = "farewell", "遗体告别"
    CREMATION = "cremation", "遗体火化"
    ASH_STORAGE = "ash_storage", "骨灰寄存"
    ECOLOGICAL_BURIAL = "ecological_burial", "生态安葬"
    PUBLIC_NICHE = "public_niche", "公办骨灰格位安葬"
    EXTENDED = "extended", "清单内其他项目"
    NOT_LISTED = "not_listed", "清单以外"


class DrawnItem(Entity):
    """One benefit the person drew by the month, and how far it has been paid."""

    kind: ClassVar[str] = "drawn_item"
    term: ClassVar[str] = "生前待遇项"

    type: DrawnBenefit | None = fact("待遇类别", source=("民政", "残联", "社保"))
    amount: Money | None = fact("待遇月额", unit="yuan/month", range=(0, 1_000_000), source=("民政", "残联", "社保"))
    paid_through: Day | None = fact(
        "已发至",
        source=("民政", "残联", "社保"),
        may_be_future=True,
        note=Words("最后一次发放的是哪个月的，填那个月的任何一天", "any day of the last month it was paid for"),
    )
    end_decided_on: Day | None = fact(
        "终止决定日期",
        source="民政",
        note=Words(
            "作出终止决定的日期；只问特困供养", "the day of the decision to end it; asked of tekun support only"
        ),
    )


class FuneralCharge(Entity):
    """One charge on a funeral home's bill."""

    kind: ClassVar[str] = "funeral_charge"
    term: ClassVar[str] = "殡葬收费项"

    item: FuneralItem | None = fact("殡葬项目", source="殡葬服务机构")
    amount: Money | None = fact("收费金额", unit="yuan", range=_WEALTH, source="殡葬服务机构")
    charged_on: Day | None = fact("收费日期", source="殡葬服务机构")


def _more_than_the_whole(numerator: int | None, denominator: int | None) -> Iterable[Flaw]:
    if numerator is not None and denominator is not None and numerator > denominator:
        yield Flaw(
            ("numerator",),
            "more-than-the-whole",
            Words(
                f"份额是 {numerator}/{denominator}，比全部还多",
                f"a share of {numerator}/{denominator} is more than the whole",
            ),
            Words("改正分子或分母", "correct the numerator or the denominator"),
        )


class AgreedShare(Entity):
    """The part of one piece of property promised in an agreement of support and bequest."""

    kind: ClassVar[str] = "agreed_share"
    term: ClassVar[str] = "协议份额"

    agreement: Text | None = fact("所依协议", refers_to="support_agreement", source="申报")
    numerator: Whole | None = fact("协议份额分子", unit="1", range=_PARTS, source="申报")
    denominator: Whole | None = fact("协议份额分母", unit="1", range=_PARTS, source="申报")

    def flaws(self) -> Iterable[Flaw]:
        """A part that is more than its whole."""
        return _more_than_the_whole(self.numerator, self.denominator)


class WilledShare(Entity):
    """The part of one piece of property a will gives to somebody, an heir (遗嘱继承) or another (遗赠)."""

    kind: ClassVar[str] = "willed_share"
    term: ClassVar[str] = "遗嘱份额"

    will: Text | None = fact("所依遗嘱", refers_to="will", source="申报")
    beneficiary: Text | None = fact(
        "受益人", source="申报", note=Words("姓名以外的称呼即可", "a description is enough")
    )
    taken_up: Flag | None = fact(
        "接受",
        source="申报",
        note=Words(
            "未放弃继承，或者已表示接受遗赠；先于被继承人死亡的填否",
            "not renounced, or a legacy accepted; no where the beneficiary died first",
        ),
    )
    numerator: Whole | None = fact("遗嘱份额分子", unit="1", range=_PARTS, source="申报")
    denominator: Whole | None = fact("遗嘱份额分母", unit="1", range=_PARTS, source="申报")

    def flaws(self) -> Iterable[Flaw]:
        """A part that is more than its whole."""
        return _more_than_the_whole(self.numerator, self.denominator)


class PropertyItem(Entity):
    """One thing the person owns or holds."""

    kind: ClassVar[str] = "property_item"
    term: ClassVar[str] = "财产项"
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "dispositions": ("财产处分", ("agreed_shares", "willed_shares")),
    }

    type: PropertyKind | None = fact("财产类别", source=("不动产", "申报", "入户调查"))
    owner: Owner | None = fact("权属", source=("不动产", "入户调查"))
    value: Money | None = fact(
        "本人部分价值",
        unit="yuan",
        range=_WEALTH,
        source=("不动产", "申报"),
        note=Words(
            "与配偶或他人共有的，先分出他人的部分", "the part of a spouse or another co-owner is taken off before"
        ),
    )
    not_inheritable: Flag | None = fact(
        "依法不得继承",
        source="民政",
        judgement="遗产管理人",
        note=Words("依照法律或者按其性质不得继承", "what cannot be inherited by law or by its nature"),
    )
    custodian: Custodian | None = fact("保管方式", source="入户调查")
    written_agreement: Flag | None = fact("有书面代管协议", source="入户调查")
    filed_with_county: Flag | None = fact("代管协议已备案", source="民政")
    agreed_shares: tuple[AgreedShare, ...] | None = fact("协议处分", source="申报")
    willed_shares: tuple[WilledShare, ...] | None = fact("遗嘱处分", source="申报")


class SupportAgreement(Entity):
    """An agreement of support in life and bequest at death (遗赠扶养协议)."""

    kind: ClassVar[str] = "support_agreement"
    term: ClassVar[str] = "遗赠扶养协议"

    party: Text | None = fact("扶养人", source="申报", note=Words("组织或者个人", "an organisation or a person"))
    party_is_heir: Flag | None = fact(
        "扶养人是法定继承人",
        source="公安",
        note=Words("继承人不能作为遗赠扶养协议的扶养人", "an heir cannot be the other party"),
    )
    performance: AgreementPerformance | None = fact("协议履行情况", source="民政", judgement="遗产管理人或法院")
    support_paid: Money | None = fact("扶养人已付供养费", unit="yuan/estate", range=_WEALTH, source="申报")


class Will(Entity):
    """A will."""

    kind: ClassVar[str] = "will"
    term: ClassVar[str] = "遗嘱"

    valid: Flag | None = fact(
        "遗嘱有效",
        source="法院",
        judgement="遗产管理人或法院",
        note=Words("数份遗嘱抵触的，以最后的为准", "the last one prevails where several conflict"),
    )
    names_executor: Flag | None = fact("指定了遗嘱执行人", source="申报")


class Kin(Someone):
    """What is asked of anybody who may inherit. Never entered as such: relatives and their descendants are."""

    kind: ClassVar[str] = "kin"
    term: ClassVar[str] = "亲人"
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "grounds_of_loss": ("不继承情形", ("renounced", "disqualified")),
        "grounds_of_reserve": ("须保留遗产情形", ("cannot_work", "no_income")),
    }

    alive: Flag | None = fact(
        "继承开始时在世",
        source=("公安", "法院"),
        note=Words("先于被继承人死亡或被宣告死亡的填否", "no for one who died, or was declared dead, before"),
    )
    renounced: Flag | None = fact("放弃继承", source="申报", note=Words("书面表示", "in writing"))
    disqualified: Flag | None = fact("丧失继承权", source="法院")
    cannot_work: Flag | None = fact("缺乏劳动能力", source="入户调查", judgement="遗产管理人或法院")
    no_income: Flag | None = fact("没有生活来源", source="入户调查", judgement="遗产管理人或法院")
    reserved: Money | None = fact(
        "必要保留额",
        unit="yuan/estate",
        range=_WEALTH,
        source="民政",
        judgement="遗产管理人或法院",
        note=Words(
            "清偿债务、执行遗嘱之前为其保留的数额；不必另留的填 0",
            "kept for this heir before debts and wills; 0 where nothing need be kept",
        ),
    )


class FurtherDescendant(Kin):
    """A child of a descendant who died first, where a child's line goes on."""

    kind: ClassVar[str] = "further_descendant"
    term: ClassVar[str] = "再晚辈"


class Descendant(Kin):
    """A child of a relative who died first: of a child, a grandchild; of a sibling, a nephew or niece."""

    kind: ClassVar[str] = "descendant"
    term: ClassVar[str] = "晚辈"

    descendants: tuple[FurtherDescendant, ...] | None = fact(
        "再晚辈", source="公安", note=Words("只问已先死亡的晚辈的子女", "asked of descendants who died first only")
    )


class Relative(Kin):
    """A relative: an heir of the first or second order, or none."""

    kind: ClassVar[str] = "relative"
    term: ClassVar[str] = "亲属"
    always_stated: ClassVar[dict[str, str]] = {"kinship": "sibling"}

    kinship: Kinship | None = fact(
        "亲属身份",
        source="公安",
        note=Words(
            "子女含养子女和有扶养关系的继子女，父母、兄弟姐妹亦同；外祖父母作祖父母",
            "by birth, adoption or upbringing; grandparents of either side",
        ),
    )
    main_support: Flag | None = fact(
        "尽了主要赡养义务",
        source="入户调查",
        judgement="遗产管理人或法院",
        note=Words("只问丧偶儿媳、女婿", "asked of widowed children-in-law only"),
    )
    did_not_support: Flag | None = fact("有能力而不尽扶养义务", source="入户调查", judgement="遗产管理人或法院")
    parts: Whole | None = fact(
        "分得份数",
        unit="1",
        range=_PARTS_OR_NONE,
        source="申报",
        judgement="继承人协商或法院",
        note=Words("只在不均等分配时填；不分的填 0", "only where shares are unequal; 0 for one who takes none"),
    )
    descendants: tuple[Descendant, ...] | None = fact(
        "晚辈",
        source="公安",
        note=Words("只问已先死亡的子女、兄弟姐妹的子女", "asked of children and siblings who died first only"),
    )


class Claimant(Someone):
    """Somebody who is no heir and yet may be given something: who depended on the person, or did much for them."""

    kind: ClassVar[str] = "claimant"
    term: ClassVar[str] = "酌分请求人"

    is_heir: Flag | None = fact("是继承人", source="公安")
    depended: Flag | None = fact("依靠被继承人扶养", source="入户调查", judgement="遗产管理人或法院")
    supported: Flag | None = fact("对被继承人扶养较多", source="入户调查", judgement="遗产管理人或法院")
    awarded: Money | None = fact(
        "酌给数额",
        unit="yuan/estate",
        range=_WEALTH,
        source="法院",
        judgement="遗产管理人或法院",
        note=Words("按具体情况可以多于或者少于继承人", "may be more or less than an heir's, as things stand"),
    )


class Estate(Entity):
    """The property of a person in 特困 support, or the estate of one who has died.

    >>> case = Estate.model_validate({"死亡日期": "2025-03-01", "亲属": [{"亲属身份": "兄弟姐妹", "继承开始时在世": True}]})
    >>> case.settled().deceased, case.relatives[0].kinship.term
    (True, '兄弟姐妹')
    """

    kind: ClassVar[str] = "estate"
    term: ClassVar[str] = "遗产"
    groups: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "dispositions": ("财产处分", ("agreements", "wills")),
        "charges": ("税款和债务", ("taxes_and_debts", "funeral_costs")),
    }

    deceased: Flag | None = fact(
        "已死亡", source=("公安", "法院"), note=Words("填了死亡日期的不必填写", "follows from the date of death")
    )
    died_on: Day | None = fact(
        "死亡日期", source=("公安", "法院"), note=Words("或宣告死亡确定的日期", "or as declared")
    )
    is_tekun: Flag | None = fact(
        "是特困人员", source="民政", note=Words("死亡时或现在享受特困供养", "in tekun support now, or at death")
    )
    capacity: CivilCapacity | None = fact("民事行为能力", source="法院")
    collective_member: Flag | None = fact(
        "是集体所有制组织成员",
        source="村集体",
        note=Words("生前是村集体等组织的成员", "of a village collective or the like"),
    )
    income_below_standard: Flag | None = fact(
        "收入仍低于低保标准",
        source="民政",
        note=Words(
            "按家庭案件中特困口径月收入核对的结果",
            "as the household case finds it from income counted for tekun support",
        ),
    )
    properties: tuple[PropertyItem, ...] | None = fact("财产", source=("申报", "入户调查", "不动产"))
    agreements: tuple[SupportAgreement, ...] | None = fact("遗赠扶养协议", source="申报")
    wills: tuple[Will, ...] | None = fact("遗嘱", source="申报")
    relatives: tuple[Relative, ...] | None = fact(
        "亲属",
        source="公安",
        note=Words(
            "两个顺序的继承人，含先死亡而有晚辈的；空即没有",
            "heirs of both orders, with those who died first and left descendants; empty means there is none",
        ),
    )
    claimants: tuple[Claimant, ...] | None = fact("酌分请求人", source="申报")
    unequal: Flag | None = fact(
        "不均等分配", source="申报", judgement="继承人协商或法院", note=Words("填否即按份数相等", "no: equal shares")
    )
    taxes_and_debts: Money | None = fact("应缴税款和债务", unit="yuan", range=_WEALTH, source=("税务", "申报"))
    funeral_costs: Money | None = fact("丧葬费用", unit="yuan", range=_WEALTH, source=("民政", "申报"))
    heirs_chose_manager: Flag | None = fact("继承人推选了遗产管理人", source="申报")

    # What the person drew, and the funeral: what is settled at one counter after a death (身后一件事).
    is_dibao: Flag | None = fact("是低保对象", source="民政", note=Words("死亡时", "at death"))
    is_dibao_edge: Flag | None = fact("属低保边缘家庭", source="民政", note=Words("死亡时", "at death"))
    is_rigid_spending: Flag | None = fact("属刚性支出困难家庭", source="民政", note=Words("死亡时", "at death"))
    hukou_here: Flag | None = fact("户籍在本地", source="公安", note=Words("死亡时", "at death"))
    others_on_dibao: Flag | None = fact(
        "低保家庭尚有他人",
        source="民政",
        note=Words("同一低保家庭还有其他成员的填是", "yes where other members of the dibao household live on"),
    )
    drawn: tuple[DrawnItem, ...] | None = fact(
        "生前待遇",
        source=("民政", "残联", "社保"),
        note=Words("按月领的；没有的为空", "by the month; empty where none"),
    )
    funeral_charges: tuple[FuneralCharge, ...] | None = fact(
        "殡葬收费", source="殡葬服务机构", note=Words("没有的为空", "empty where there is none")
    )

    def flaws(self) -> Iterable[Flaw]:
        """A day of death of somebody said to be alive."""
        if self.deceased is False and self.died_on is not None:
            yield Flaw(
                ("deceased",),
                "alive-and-dead",
                Words(
                    f"填了死亡日期 {self.died_on}，“已死亡”又填了否",
                    f"deceased is false, and yet died_on is {self.died_on}",
                ),
                Words("改正其一；填了死亡日期的不必填“已死亡”", "correct one of them; died_on says it alone"),
            )

    def settled(self) -> Self:
        """This case with the death that follows from a date of death."""
        if self.deceased is None and self.died_on is not None:
            return self.model_copy(update={"deceased": True})
        return self
