"""The vocabulary of the county of Lampwick (浮灯县), where people live on boats in the fog. All of it is invented."""

import datetime as dt
from typing import ClassVar

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Flag, Money, Text, Whole
from minzheng_rules.case.someone import Someone


@enumeration("place_aboard", "船上身份")
class PlaceAboard(Choice):
    """What somebody is to the boat's skipper; the skipper is the skipper."""

    SKIPPER = "skipper", "船长"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    GUEST = "guest", "搭船客"


@enumeration("catch", "收入类别")
class EarningKind(Choice):
    """Where money comes from in the fog."""

    FISH = "fish", "卖鱼"
    FERRYING = "ferrying", "摆渡"
    SHELLS = "shells", "拾贝"
    PRIZE = "prize", "歌会奖金"


@enumeration("benefit_drawn", "待遇类别")
class BenefitKind(Choice):
    """What others already pay."""

    PILOT_PAY = "pilot_pay", "领航津贴"
    VETERAN_PAY = "veteran_pay", "老船工津贴"
    CHORUS_PAY = "chorus_pay", "渔歌津贴"


@enumeration("lamp_class", "灯级")
class LampClass(Choice):
    """How far a lamp must be seen."""

    GREAT = "great", "大灯"
    SMALL = "small", "小灯"
    CANDLE = "candle", "烛灯"


class Earning(Entity):
    """One source of money."""

    kind: ClassVar[str] = "earning"
    term: ClassVar[str] = "收入项"

    type: EarningKind | None = fact("来源", source="申报")
    amount: Money | None = fact("月金额", unit="yuan/month", range=(0, 10000), source="申报")


class Benefit(Entity):
    """A benefit somebody draws now."""

    kind: ClassVar[str] = "benefit"
    term: ClassVar[str] = "待遇项"

    type: BenefitKind | None = fact("待遇类别", source="港务处")
    amount: Money | None = fact("月金额", unit="yuan/month", range=(0, 10000), source="港务处")


class Rescue(Entity):
    """Somebody was pulled out of the water."""

    kind: ClassVar[str] = "rescue"
    term: ClassVar[str] = "救助项"

    date: dt.date | None = fact("救助日期", source="港务处")
    saved: Whole | None = fact("救起人数", unit="1", range=(0, 50), source="港务处")


class Person(Someone):
    """Anybody, aboard or ashore."""

    kind: ClassVar[str] = "person"
    term: ClassVar[str] = "人"

    birth_date: dt.date | None = fact("出生日期", source="船籍册")
    earnings: tuple[Earning, ...] | None = fact("收入", source="申报")


class Member(Person):
    """Somebody who lives on the boat, or says so."""

    kind: ClassVar[str] = "member"
    term: ClassVar[str] = "船员"

    place_aboard: PlaceAboard | None = fact("身份", source="船籍册")
    nights_ashore: Whole | None = fact("上岸夜数", unit="1", range=(0, 366), source="港务处")
    keeps_lamp: Flag | None = fact("守灯", source="港务处")
    lamp: LampClass | None = fact("所守之灯", source="港务处")
    keeper_since: dt.date | None = fact("任灯日期", source="港务处")
    one_armed: Flag | None = fact("独臂", source="船医", judgement="船医")
    refuses_sailing: Flag | None = fact("无故拒航", source="港务处", judgement="港务处")
    rescues: tuple[Rescue, ...] | None = fact("救助记录", source="港务处")
    benefits: tuple[Benefit, ...] | None = fact("现享待遇", source="港务处")
    guardian: Text | None = fact("监护人", refers_to="person", source="船籍册")


class Relative(Person):
    """Kin on dry land."""

    kind: ClassVar[str] = "relative"
    term: ClassVar[str] = "岸上亲属"

    yearly_rent: Money | None = fact("年租金", unit="yuan/year", range=(0, 1000000), source="申报")


class Tone(Entity):
    """How a bell sounds to three judges."""

    kind: ClassVar[str] = "tone"
    term: ClassVar[str] = "钟声"

    loudness: Whole | None = fact("响亮", unit="point", range=(0, 10), source="听钟人")
    clarity: Whole | None = fact("清越", unit="point", range=(0, 10), source="听钟人")
    echo: Whole | None = fact("余韵", unit="point", range=(0, 10), source="听钟人")


class Bell(Entity):
    """A fog bell."""

    kind: ClassVar[str] = "bell"
    term: ClassVar[str] = "雾钟"

    tone: Tone | None = fact("钟声", source="听钟人")
    cracked: Flag | None = fact("有裂纹", source="铸钟坊")


class Household(Entity):
    """A boat and everybody on it."""

    kind: ClassVar[str] = "household"
    term: ClassVar[str] = "船户"

    members: tuple[Member, ...] | None = fact("船员名单", source="船籍册")
    relatives: tuple[Relative, ...] | None = fact("岸上亲属名单", source="申报")
    bells: tuple[Bell, ...] | None = fact("雾钟名单", source="港务处")
    moored_here: Flag | None = fact("泊在本港", source="港务处")
    mooring_fee: Money | None = fact("年泊位费", unit="yuan/year", range=(0, 100000), source="港务处")
