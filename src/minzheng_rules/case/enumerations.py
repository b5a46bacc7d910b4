"""The closed lists a household's facts choose from."""

from __future__ import annotations

from minzheng_rules.case.choices import Choice, enumeration


@enumeration("sex", "性别")
class Sex(Choice):
    """As registered."""

    MALE = "male", "男"
    FEMALE = "female", "女"


@enumeration("relation", "与申请人关系")
class Relation(Choice):
    """What somebody is to the applicant: ``CHILD`` is the applicant's child."""

    APPLICANT = "applicant", "本人"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母"
    GRANDCHILD = "grandchild", "孙子女"
    SIBLING = "sibling", "兄弟姐妹"
    CHILD_IN_LAW = "child_in_law", "子女配偶"
    PARENT_IN_LAW = "parent_in_law", "配偶父母"
    OTHER = "other", "其他"


@enumeration("hukou_type", "户口性质")
class HukouType(Choice):
    """The registration classes the rules of 2012 still spoke of."""

    NON_AGRICULTURAL = "non_agricultural", "非农业户口"
    AGRICULTURAL = "agricultural", "农业户口"
    RESIDENT = "resident", "居民户口"


@enumeration("schooling", "学段")
class Schooling(Choice):
    """The stage of education somebody is enrolled in."""

    NONE = "none", "无", "不在校", "不在读", "未入学", "毕业", "已毕业", "not enrolled", "graduated"
    PRESCHOOL = "preschool", "学前", "幼儿园", "托班", "kindergarten", "nursery"
    COMPULSORY = "compulsory", "义务教育", "小学", "初中", "primary", "primary school", "junior secondary"
    UPPER_SECONDARY = "upper_secondary", "高中阶段", "高中", "普高", "职高", "中专", "中职", "技校", "high school"
    UNDERGRADUATE = "undergraduate", "本专科", "大学", "大专", "高职", "专科", "本科", "college", "university"
    POSTGRADUATE = "postgraduate", "研究生", "硕士", "博士", "master", "doctorate", "phd"


@enumeration("study_mode", "学习形式")
class StudyMode(Choice):
    """Full-time or not."""

    FULL_TIME = "full_time", "全日制"
    PART_TIME = "part_time", "非全日制"


@enumeration("disability_type", "残疾类别")
class DisabilityType(Choice):
    """The classes on a certificate of disability."""

    VISUAL = "visual", "视力"
    HEARING = "hearing", "听力"
    SPEECH = "speech", "言语"
    PHYSICAL = "physical", "肢体"
    INTELLECTUAL = "intellectual", "智力"
    MENTAL = "mental", "精神"


@enumeration("disability_grade", "残疾等级")
class DisabilityGrade(Choice):
    """The grades on a certificate of disability; the first is the most severe."""

    FIRST = "first", "一级"
    SECOND = "second", "二级"
    THIRD = "third", "三级"
    FOURTH = "fourth", "四级"


@enumeration("transfer_in_kind", "转移性收入类别")
class TransferInKind(Choice):
    """Regular payments received; the kinds that are never income stand apart because the law names them."""

    CENTRAL_BASIC_PENSION = "central_basic_pension", "中央基础养老金"
    OTHER_PENSION = "other_pension", "其他养老金"
    RETIREMENT_PAY = "retirement_pay", "离退休金"
    MAINTENANCE = "maintenance", "赡养抚养扶养费"
    UNEMPLOYMENT_BENEFIT = "unemployment_benefit", "失业保险金"
    SURVIVOR_BENEFIT = "survivor_benefit", "遗属补助金"
    COMPENSATION = "compensation", "赔偿"
    GIFT = "gift", "捐赠赠送"
    INHERITANCE = "inheritance", "遗产"
    VETERANS_SUPPORT = "veterans_support", "优待抚恤金"
    FAMILY_PLANNING_AWARD = "family_planning_award", "计生奖扶"
    SCHOLARSHIP = "scholarship", "奖学金"
    BRAVERY_AWARD = "bravery_award", "见义勇为奖励"
    SOCIAL_ASSISTANCE = "social_assistance", "社会救助款物"
    OLD_AGE_ALLOWANCE = "old_age_allowance", "高龄津贴"
    DISABILITY_SUBSIDIES = "disability_subsidies", "残疾人两项补贴"
    CHILD_REARING_SUBSIDY = "child_rearing_subsidy", "育儿补贴"
    UNSUPPORTED_CHILD_ALLOWANCE = "unsupported_child_allowance", "事实无人抚养儿童补贴"
    ORPHAN_ALLOWANCE = "orphan_allowance", "孤儿基本生活费"
    OTHER = "other", "其他转移性收入"


@enumeration("transfer_out_kind", "转移性支出类别")
class TransferOutKind(Choice):
    """Regular payments made."""

    TAX = "tax", "缴纳税款"
    SOCIAL_INSURANCE = "social_insurance", "社会保障支出"
    MAINTENANCE = "maintenance", "赡养支出"
    OTHER = "other", "其他转移性支出"


@enumeration("property_income_kind", "财产性收入类别")
class PropertyIncomeKind(Choice):
    """What the property is that yields the income."""

    RENT = "rent", "出租房屋"
    LAND = "land", "转租土地经营权"
    INTEREST = "interest", "利息红利"
    COLLECTIVE_DIVIDEND = "collective_dividend", "集体分红"
    SALE = "sale", "出让财产"
    OTHER = "other", "其他财产性收入"


@enumeration("recognition_kind", "认定类别")
class RecognitionKind(Choice):
    """What a person or a household may already have been recognised as."""

    DIBAO = "dibao", "低保"
    DIBAO_EDGE = "dibao_edge", "低保边缘"
    TEKUN = "tekun", "特困"
    RIGID_SPENDING = "rigid_spending", "刚性支出困难"
    ORPHAN = "orphan", "孤儿"
    UNSUPPORTED_CHILD = "unsupported_child", "事实无人抚养儿童"


@enumeration("benefit_kind", "待遇类别")
class BenefitKind(Choice):
    """A benefit somebody already draws, which may exclude or reduce another."""

    DIBAO = "dibao", "低保金"
    TEKUN = "tekun", "特困供养金"
    ORPHAN_LIVING = "orphan_living", "孤儿基本生活费"
    UNSUPPORTED_CHILD = "unsupported_child", "事实无人抚养儿童基本生活补贴"
    DISABILITY_LIVING = "disability_living", "困难残疾人生活补贴"
    DISABILITY_NURSING = "disability_nursing", "重度残疾人护理补贴"
    OLD_AGE_ALLOWANCE = "old_age_allowance", "高龄老人津贴"
    ELDERLY_CARE = "elderly_care", "老年人护理补贴"
    ELDERLY_LIVING = "elderly_living", "老年人生活补贴"
    WORK_INJURY_CARE = "work_injury_care", "工伤生活护理费"
    DISABLED_VETERAN_CARE = "disabled_veteran_care", "残疾军人护理费"
    RETIRED_CADRE_CARE = "retired_cadre_care", "离休护理费"
    LONG_TERM_CARE = "long_term_care", "长期护理保险"
    ELDERLY_SERVICE_VOUCHER = "elderly_service_voucher", "养老服务消费补贴"
    INSTITUTIONAL_CARE = "institutional_care", "集中照护补贴"


@enumeration("job_offer_result", "工作介绍结果")
class JobOfferResult(Choice):
    """What came of a job that was offered."""

    ACCEPTED = "accepted", "接受"
    REFUSED_WITH_REASON = "refused_with_reason", "有正当理由拒绝"
    REFUSED_WITHOUT_REASON = "refused_without_reason", "无正当理由拒绝"


@enumeration("refusal_handling", "拒绝处理方式")
class RefusalHandling(Choice):
    """What the county decided after three refusals."""

    REDUCE = "reduce", "减发"
    STOP = "stop", "停发"


@enumeration("asset_kind", "金融资产类别")
class AssetKind(Choice):
    """The movable assets other than vehicles that an inquiry looks up."""

    DEPOSIT = "deposit", "银行存款"
    SECURITIES = "securities", "证券"
    FUND = "fund", "基金"
    INSURANCE = "insurance", "商业保险"
    CLAIM = "claim", "债权"
    INTERNET = "internet", "互联网金融资产"
    OTHER = "other", "其他金融资产"


@enumeration("house_use", "房屋用途")
class HouseUse(Choice):
    """What a house is used for."""

    LIVED_IN = "lived_in", "自住"
    LET = "let", "出租"
    BUSINESS = "business", "自营"
    EMPTY = "empty", "空置"


@enumeration("rigid_spending_kind", "刚性支出类别")
class RigidSpendingKind(Choice):
    """What spending a household cannot avoid was for."""

    MEDICAL = "medical", "医疗"
    EDUCATION = "education", "教育"
    REHABILITATION = "rehabilitation", "残疾康复"
    OTHER = "other", "其他支出"


@enumeration("emergency_kind", "急难类别")
class EmergencyKind(Choice):
    """What brought a household into sudden hardship."""

    FIRE = "fire", "火灾"
    TRAFFIC_ACCIDENT = "traffic_accident", "交通事故"
    OTHER_ACCIDENT = "other_accident", "其他意外事件"
    SUDDEN_ILLNESS = "sudden_illness", "突发重大疾病"
    SUDDEN_SPENDING = "sudden_spending", "必需支出突增"
    OTHER_HARDSHIP = "other_hardship", "其他特殊困难"


@enumeration("nursing_grade", "护理等级")
class NursingGrade(Choice):
    """The grade of care a severely disabled person was assessed to need; the first is the most."""

    FIRST = "first", "一级护理"
    SECOND = "second", "二级护理"
    THIRD = "third", "三级护理"


@enumeration("ability_level", "老年人失能等级")
class AbilityLevel(Choice):
    """The levels of an old person's assessed ability (GB/T 42195), from able to wholly disabled."""

    ABLE = "able", "能力完好"
    MILD = "mild", "轻度失能"
    MODERATE = "moderate", "中度失能"
    SEVERE = "severe", "重度失能"
    COMPLETE = "complete", "完全失能"


@enumeration("rearing", "养育方式")
class Rearing(Choice):
    """Where a child without parents' care grows up."""

    AT_HOME = "at_home", "社会散居"
    IN_INSTITUTION = "in_institution", "机构养育"


@enumeration("elder_service", "养老服务类别")
class ElderService(Choice):
    """Where an old person is cared for against a charge."""

    INSTITUTION = "institution", "机构养老"
    DAY_CARE = "day_care", "日间照料"
    HOME_CARE = "home_care", "居家上门"


@enumeration("injury_dependence", "生活自理障碍")
class InjuryDependence(Choice):
    """How far a person injured at work cannot look after themselves."""

    COMPLETE = "complete", "完全不能自理"
    LARGE = "large", "大部分不能自理"
    PARTIAL = "partial", "部分不能自理"


@enumeration("veteran_disability", "军人残疾情形")
class VeteranDisability(Choice):
    """The cases in which a disabled serviceman is paid for nursing."""

    DUTY_1_2 = "duty_1_2", "因战因公一至二级"
    DUTY_3_4 = "duty_3_4", "因战因公三至四级"
    ILLNESS_1_4 = "illness_1_4", "因病一至四级"
    MENTAL_5_6 = "mental_5_6", "精神障碍五至六级"


@enumeration("health_insurance", "医疗保险类别")
class HealthInsurance(Choice):
    """Which basic medical insurance somebody is in; long-term care insurance follows it."""

    EMPLOYEE = "employee", "职工医保"
    RESIDENT = "resident", "居民医保"
