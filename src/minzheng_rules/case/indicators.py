"""Reported figures of a year of work: what an office can count towards the targets of its work plan.

One case is one report, on one day of the year the plan is for (its ``as_of``). Every figure may be left out, and then the
target that needs it is undetermined. Money is in yuan. The figures are those of Haining's 2024 work plan (海宁市民政工作要点).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Money, Whole
from minzheng_rules.problems import Words

OFFICE = "民政"
_TOWNS = "乡镇（街道）"
_PLACES = (0, 100_000)
_PEOPLE = (0, 100_000_000)
_FUNDS = (0, 1_000_000_000_000)


class Indicators(Entity):
    """What an office reports of its work plan, counted from the first of January to the day of the report."""

    kind: ClassVar[str] = "indicators"
    term: ClassVar[str] = "工作指标"

    # -- assistance --------------------------------------------------------------------------------------------------
    pilot_towns_searching: Whole | None = fact("动态排查试点镇街数", unit="1", range=_PLACES, source=OFFICE)
    rehabilitation_in_the_city: Flag | None = fact("市级有精康服务", source=OFFICE)
    towns_with_rehabilitation: Whole | None = fact("有精康服务的镇街数", unit="1", range=_PLACES, source=OFFICE)
    towns: Whole | None = fact("镇街总数", unit="1", range=(1, 100_000), source=OFFICE)
    helped_households: Whole | None = fact(
        "帮扶持证家庭户数",
        unit="1",
        range=(1, 100_000_000),
        source=OFFICE,
        note=Words("年末在帮扶的", "helped at year's end"),
    )
    income_gained: Money | None = fact(
        "帮扶持证家庭年增收合计",
        unit="yuan",
        range=(-_FUNDS[1], _FUNDS[1]),
        source=(OFFICE, "统计"),
        note=Words("减收的家庭按负数计入", "households that earned less count below zero"),
    )
    refitted_homes: Whole | None = fact("暖巢改造户数", unit="1", range=_PLACES, source=OFFICE)

    # -- elders ------------------------------------------------------------------------------------------------------
    village_passed_city: Flag | None = fact("桃园村通过嘉兴评审", source=OFFICE)
    village_passed_province: Flag | None = fact("桃园村通过省级复核", source=OFFICE)
    certified_carers_at_work: Whole | None = fact(
        "在职持证护理员数",
        unit="person",
        range=_PEOPLE,
        source=OFFICE,
        note=Words("在本市养老服务机构从业、证书有效的，不论等级", "working in the county's elder care, of any grade"),
    )
    certified_carers_registered: Whole | None = fact(
        "登记持证护理员数",
        unit="person",
        range=_PEOPLE,
        source=(OFFICE, "人社"),
        note=Words("证书有效的都算，不论是否在职", "everybody with a valid certificate, at work or not"),
    )
    elders_by_hukou: Whole | None = fact("户籍老年人口", unit="person", range=(1, 100_000_000), source=("公安", OFFICE))
    elders_living_here: Whole | None = fact("常住老年人口", unit="person", range=(1, 100_000_000), source="统计")
    care_centres_built: Whole | None = fact(
        "镇级康养中心建成数",
        unit="1",
        range=(0, 5),
        source=OFFICE,
        note=Words("长安、黄湾、许村、海昌、马桥锦达五家中的", "of the five in the plan"),
    )
    beds_added: Whole | None = fact("全市新增养老床位数", unit="1", range=_PLACES, source=OFFICE)
    beds_added_in_centres: Whole | None = fact("五家康养中心新增床位数", unit="1", range=_PLACES, source=OFFICE)
    stations_improved: Whole | None = fact("改造提升养老驿站数", unit="1", range=_PLACES, source=OFFICE)
    day_centres_improved: Whole | None = fact("改造提升照料中心数", unit="1", range=_PLACES, source=OFFICE)
    neighbour_points_improved: Whole | None = fact("规范提升睦邻点数", unit="1", range=_PLACES, source=OFFICE)
    platform_on_trial: Flag | None = fact("智慧养老平台已试运行", source=OFFICE)
    platform_on_trial_since: Day | None = fact("智慧养老平台试运行日期", source=OFFICE)
    canteens_improved: Whole | None = fact("建设提升老年食堂数", unit="1", range=_PLACES, source=OFFICE)
    meal_points: Whole | None = fact("建设提升助餐服务点数", unit="1", range=_PLACES, source=OFFICE)
    villages_with_meals: Whole | None = fact("有助餐服务的村社区数", unit="1", range=_PLACES, source=(OFFICE, _TOWNS))
    villages: Whole | None = fact("村社区总数", unit="1", range=(1, 100_000), source=OFFICE)
    research_centre_founded: Flag | None = fact("养老产业国际研究中心已建立", source=OFFICE)

    # -- charity, special affairs ------------------------------------------------------------------------------------
    contest_held: Flag | None = fact("清廉社会组织擂台赛已举办", source=OFFICE)
    charities_added: Whole | None = fact("新增慈善组织数", unit="1", range=_PLACES, source=OFFICE)
    charitable_trusts_grown_by: Money | None = fact(
        "慈善信托规模增加额", unit="yuan", range=(-_FUNDS[1], _FUNDS[1]), source=OFFICE
    )
    children_centre_finished: Flag | None = fact("残疾儿童服务中心已建成", source=OFFICE)
    wedding_site_finished: Flag | None = fact("户外颁证基地已建成", source=OFFICE)
    cemetery_begun: Flag | None = fact("殳山公墓改扩建已开工", source=OFFICE)
    cemetery_begun_on: Day | None = fact("殳山公墓改扩建开工日期", source=OFFICE)

    def flaws(self) -> Iterable[Flaw]:
        """A part that is more than its whole."""
        for part, whole in (("towns_with_rehabilitation", "towns"), ("villages_with_meals", "villages")):
            counted, all_of_them = getattr(self, part), getattr(self, whole)
            if counted is not None and all_of_them is not None and counted > all_of_them:
                yield Flaw(
                    (part,),
                    "more-than-the-whole",
                    Words(f"比总数 {all_of_them} 还多", f"that is more than the {all_of_them} there are"),
                )
