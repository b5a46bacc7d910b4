"""The fixed words of a trail, in Chinese and English: all that a rendering prints and no rule or case has said."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from minzheng_rules.problems import Words
from minzheng_rules.trail.node import NodeKind, State


def _table(entries: dict[str, tuple[str, str]]) -> Mapping[str, Words]:
    return MappingProxyType({key: Words(*pair) for key, pair in entries.items()})


def look_up(table: Mapping[str, Words], key: str, lang: str) -> str:
    """The word for ``key``; what is not in the table is said as it stands, so that nothing is ever lost.

    >>> look_up(STATUSES, "illustrative", "zh"), look_up(STATUSES, "novel", "zh")
    ('示例数', 'novel')
    """
    words = table.get(key)
    return key if words is None else words.say(lang)


MARKS: Final = MappingProxyType(
    {State.TRUE: "✓", State.FALSE: "✗", State.UNDETERMINED: "?", State.VALUE: "·", State.UNTOUCHED: "–"}
)

_STATES: Final = MappingProxyType(
    {
        State.TRUE: Words("成立", "holds"),
        State.FALSE: Words("不成立", "fails"),
        State.UNDETERMINED: Words("待定", "undetermined"),
        State.UNTOUCHED: Words("未触及", "not reached"),
        State.VALUE: Words("", ""),
    }
)

_YES_NO: Final = {State.TRUE: Words("是", "yes"), State.FALSE: Words("否", "no")}

_STATES_BY_KIND: Final = MappingProxyType(
    {
        NodeKind.CONCLUSION: {State.TRUE: Words("符合", "eligible"), State.FALSE: Words("不符合", "not eligible")},
        NodeKind.NOT: {State.TRUE: Words("满足", "holds"), State.FALSE: Words("不满足", "fails")},
        NodeKind.EXCEPTION: {State.TRUE: Words("适用", "applies"), State.FALSE: Words("不适用", "does not apply")},
        NodeKind.TABLE_ROW: {State.TRUE: Words("命中", "matches"), State.FALSE: Words("不命中", "no match")},
        NodeKind.MEMBERSHIP: {State.TRUE: Words("计入", "included"), State.FALSE: Words("不计入", "not included")},
        NodeKind.FACT: _YES_NO,
        NodeKind.PARAMETER: _YES_NO,
        NodeKind.JUDGEMENT: _YES_NO,
        NodeKind.DELEGATION: {
            State.TRUE: Words("成立", "holds"),
            State.FALSE: Words("不成立", "fails"),
            State.UNTOUCHED: Words("未作规定", "nothing set"),
        },
    }
)

ANSWER_KINDS: Final = frozenset({NodeKind.FACT, NodeKind.PARAMETER, NodeKind.JUDGEMENT})
"""Kinds whose yes or no is an entry, not a test: neither good nor bad, so they bear no ✓ or ✗."""


def state_word(kind: NodeKind, state: State, lang: str) -> str:
    """How a state is said of a node of this kind; empty for a plain value.

    >>> state_word(NodeKind.CONCLUSION, State.FALSE, "zh"), state_word(NodeKind.FACT, State.TRUE, "en")
    ('不符合', 'yes')
    """
    return _STATES_BY_KIND.get(kind, {}).get(state, _STATES[state]).say(lang)


_OTHER_WORDS: Final = "/满足/不满足/未用到/属于/不属于/未知/true/false/unknown/does not hold/belongs/does not belong"


def plain_words() -> frozenset[str]:
    """Every word that only restates a state, so that a rendering need not say it twice."""
    tables = (dict(_STATES), *_STATES_BY_KIND.values())
    said = {text for table in tables for words in table.values() for text in words}
    return frozenset(said | set(_OTHER_WORDS.split("/")))


KINDS: Final = _table(
    {
        "conclusion": ("结论", "conclusion"),
        "condition": ("条件", "condition"),
        "all": ("须全部成立", "all must hold"),
        "any": ("有一即可", "any suffices"),
        "not": ("不得成立", "must not hold"),
        "comparison": ("比较", "comparison"),
        "definition": ("定义", "definition"),
        "amount": ("金额", "amount"),
        "rounding": ("取整", "rounding"),
        "exception": ("例外", "exception"),
        "table_row": ("表行", "table row"),
        "membership": ("归属", "membership"),
        "parameter": ("参数", "parameter"),
        "fact": ("事实", "fact"),
        "delegation": ("授权", "delegated"),
        "judgement": ("人工认定", "judgement"),
    }
)

SHOWN_KINDS: Final = frozenset(
    {
        NodeKind.ALL,
        NodeKind.ANY,
        NodeKind.NOT,
        NodeKind.EXCEPTION,
        NodeKind.TABLE_ROW,
        NodeKind.PARAMETER,
        NodeKind.ROUNDING,
        NodeKind.DELEGATION,
        NodeKind.JUDGEMENT,
    }
)
"""Kinds named beside the label; of the others the line itself says what it is."""

LISTS_THAT_SAY_HOW: Final = frozenset({"下列之一", "下列各项", "不属于下列情形"})
"""Labels of unnamed lists: how many of their items must hold is said already."""

STATUSES: Final = _table(
    {
        "verbatim": ("原文", "verbatim"),
        "secondary": ("转引", "second-hand"),
        "position": ("立场", "position taken"),
        "recalled": ("回忆", "from memory"),
        "illustrative": ("示例数", "illustrative"),
        "derived": ("推算", "derived"),
        "unknown": ("未知", "unknown"),
    }
)

STATUS_MEANINGS: Final = _table(
    {
        "verbatim": ("见过官方原文", "the official text was seen"),
        "secondary": ("据转引材料，未见原文", "from second-hand material; the original was not seen"),
        "position": ("原文未作规定，这里取一种解释", "the texts are silent; one reading was taken"),
        "recalled": ("凭记忆录入，使用前须核对原文", "entered from memory; check the text before use"),
        "illustrative": ("只作演示，不是现行标准", "for demonstration, not a standard in force"),
        "derived": ("由其他数推算", "derived from other figures"),
        "unknown": ("尚不知道", "not known"),
    }
)

STATUS_ORDER: Final = ("verbatim", "derived", "secondary", "position", "recalled", "illustrative", "unknown")
"""Strongest first."""

LEVELS: Final = _table(
    {
        "national": ("国家", "the State"),
        "province": ("省级", "the province"),
        "city": ("设区的市级", "the prefecture-level city"),
        "county": ("县级", "the county"),
        "township": ("乡镇（街道）", "the township or subdistrict"),
        "village": ("村（居）民委员会", "the village or residents’ committee"),
    }
)

LAYERS: Final = _table(
    {
        "national": ("国家", "national"),
        "zhejiang": ("浙江省", "Zhejiang"),
        "jiaxing": ("嘉兴市", "Jiaxing"),
        "haining": ("海宁市", "Haining"),
        "国家": ("国家", "national"),
        "浙江省": ("浙江省", "Zhejiang"),
        "嘉兴市": ("嘉兴市", "Jiaxing"),
        "海宁市": ("海宁市", "Haining"),
    }
)
"""By id, and by Chinese name as figures carry it."""

OVERLAYS: Final = _table({"illustrative": ("示例数", "illustrative figures")})

DEPARTMENTS: Final = _table(
    {
        "申报": ("本人申报", "the applicant’s declaration"),
        "核对": ("家庭经济状况核对", "the means-verification system"),
        "入户调查": ("入户调查", "the home visit"),
        "民政": ("民政部门", "civil affairs"),
        "公安": ("公安", "public security"),
        "车管": ("车管", "vehicle registration"),
        "社保": ("社保", "social insurance"),
        "医保": ("医保", "medical insurance"),
        "税务": ("税务", "tax"),
        "人社": ("人社部门", "human resources and social security"),
        "不动产": ("不动产登记", "real-estate registration"),
        "残联": ("残联", "the disabled persons’ federation"),
        "教育": ("教育部门", "education"),
        "用人单位": ("用人单位", "the employer"),
        "卫健": ("卫健部门", "health"),
        "司法": ("司法行政", "justice"),
        "司法行政": ("司法行政", "justice"),
        "遗产管理人": ("遗产管理人", "the administrator of the estate"),
        "遗产管理人或法院": ("遗产管理人或法院", "the administrator of the estate or the court"),
        "继承人协商或法院": ("继承人协商或法院", "the heirs by agreement, or the court"),
        "村集体": ("村集体", "the village collective"),
        "法院": ("法院", "the court"),
        "市场监管": ("市场监管", "market regulation"),
        "银行": ("银行", "banks"),
        "金融": ("金融机构", "financial institutions"),
        "公积金": ("住房公积金", "the housing provident fund"),
        "农业农村": ("农业农村部门", "agriculture and rural affairs"),
        "退役军人": ("退役军人部门", "veterans affairs"),
        "水利": ("水利（移民）部门", "water resources"),
        "宗教": ("民族宗教部门", "ethnic and religious affairs"),
        "民宗": ("民族宗教部门", "ethnic and religious affairs"),
        "应急": ("应急管理部门", "emergency management"),
        "医院": ("医院", "the hospital"),
        "医保部门": ("医保部门", "medical insurance"),
        "县级残联": ("县级残联", "the county disabled persons’ federation"),
        "精神科执业医师": ("精神科执业医师", "a licensed psychiatrist"),
        "精神科执业医师或康复机构": ("精神科执业医师或康复机构", "a licensed psychiatrist or the rehabilitation body"),
        "劳动能力鉴定委员会": ("劳动能力鉴定委员会", "the work-capacity appraisal committee"),
        "当地有关部门": ("当地有关部门", "the local department concerned"),
        "养老机构": ("养老机构", "the elder-care institution"),
        "医疗机构": ("医疗机构", "the medical institution"),
        "评估机构": ("评估机构", "the assessment body"),
        "照护者": ("照护者", "the carer"),
        "殡葬服务机构": ("殡葬服务机构", "the funeral home"),
        "统计": ("统计部门", "statistics"),
        "救助管理机构": ("救助管理机构", "the aid station"),
        "乡镇": ("乡镇（街道）", "the township or subdistrict"),
        "乡镇（街道）": ("乡镇（街道）", "the township or subdistrict"),
        "村（居）委会": ("村（居）民委员会", "the village or residents’ committee"),
        "县级民政部门": ("县级民政部门", "the county civil affairs department"),
        "市级民政部门": ("市级民政部门", "the city civil affairs department"),
        "省级民政部门": ("省级民政部门", "the provincial civil affairs department"),
        "applicant": ("申请人", "the applicant"),
    }
)
"""Who supplies a fact, settles a finding or sets a figure: departments, forms and levels of government."""

FACT_ORIGINS: Final = _table(
    {
        "given": ("已填报", "entered"),
        "declared_none": ("已声明没有", "declared to be none"),
        "id_number": ("由身份证号码得出", "read from the ID number"),
        "missing": ("未提供", "not given"),
        "derived": ("由其他事实得出", "derived from other facts"),
    }
)

INCLUSIVE: Final = frozenset(
    {"以下", "以上", "不超过", "满", "年满", "达到", "以内", "届满", "不低于", "不高于", "不少于", "至少"}
)
EXCLUSIVE: Final = frozenset({"低于", "不满", "未满", "小于", "超过", "高于", "大于", "以外", "超出", "少于", "不足"})

ENGLISH_WORDINGS: Final = MappingProxyType(
    {
        "低于": "below",
        "不满": "less than",
        "未满": "under",
        "小于": "smaller than",
        "不足": "short of",
        "少于": "fewer than",
        "以下": "at or below",
        "不超过": "not over",
        "不高于": "not above",
        "以内": "within",
        "超过": "over",
        "超出": "beyond",
        "高于": "above",
        "大于": "greater than",
        "以外": "outside",
        "以上": "at or above",
        "满": "fully",
        "年满": "having reached the age of",
        "届满": "having reached",
        "达到": "reaching",
        "不低于": "not below",
        "不少于": "not fewer than",
        "至少": "at least",
    }
)

STATUS_OF_DECISION: Final = _table(
    {
        "eligible": ("符合", "eligible"),
        "ineligible": ("不符合", "not eligible"),
        "undetermined": ("待定", "undetermined"),
        "not_applicable": ("不适用", "not applicable"),
        "answered": ("有结论", "answered"),
    }
)

DECISION_STATES: Final = MappingProxyType(
    {
        "eligible": State.TRUE,
        "ineligible": State.FALSE,
        "undetermined": State.UNDETERMINED,
        "not_applicable": State.UNTOUCHED,
    }
)

AMOUNT_KINDS: Final = _table(
    {
        "cash": ("现金", "cash"),
        "voucher": ("代金券", "voucher"),
        "service": ("服务", "service"),
        "ceiling": ("限额，不是给付", "a ceiling, not a payment"),
        "guide_wage": ("指导工资", "guide wage"),
    }
)

MISSING_KINDS: Final = _table(
    {
        "fact": ("材料", "fact"),
        "parameter": ("标准", "standard"),
        "delegation": ("地方规定", "local provision"),
        "judgement": ("人工认定", "judgement"),
        "date": ("日期", "date"),
        "conflict": ("规则冲突", "conflict"),
    }
)

PHRASES: Final = _table(
    {
        "reasons": ("理由", "Reasons"),
        "everything": ("全文", "Full trail"),
        "see_above": ("见上 →", "see above →"),
        "see_below": ("见下 →", "see below →"),
        "not_decisive": ("不影响结论", "does not settle it"),
        "contains_illustrative": ("含示例数", "rests on illustrative figures"),
        "formula": ("算式", "formula"),
        "cells": ("条件", "when"),
        "filled": ("代入", "filled in"),
        "wording": ("用语", "wording"),
        "margin": ("相差", "margin"),
        "inclusive": ("含本数", "the line itself included"),
        "exclusive": ("不含本数", "the line itself excluded"),
        "reason": ("原因", "why"),
        "bring": ("须补", "to bring"),
        "origin": ("来源", "origin"),
        "status": ("性质", "standing"),
        "note": ("说明", "note"),
        "note_in_chinese": ("说明", "note, in Chinese"),
        "reason_in_chinese": ("原因", "why, in Chinese"),
        "decided_by": ("认定", "decided by"),
        "set_by": ("规定", "set by"),
        "rounding": ("取整", "rounding"),
        "in_force": ("施行", "in force"),
        "citation": ("依据", "under"),
        "place": ("规则", "rule"),
        "instruments": ("引用的文件", "Instruments cited"),
        "as_of": ("审核基准日", "as of"),
        "place_of_case": ("地区", "place"),
        "rulebook": ("规则", "rulebook"),
        "overlays": ("叠加", "overlays"),
        "reforms": ("改革方案", "reform"),
        "digest": ("校验", "digest"),
        "results": ("审核结果", "results"),
        "program": ("项目", "program"),
        "subject": ("对象", "subject"),
        "conclusion": ("结论", "conclusion"),
        "amount": ("金额", "amount"),
        "payable_from": ("起发", "payable from"),
        "weakest": ("依据强度", "standing"),
        "missing": ("还缺", "missing"),
        "findings": ("提示", "findings"),
        "illustrative_decision": (
            "本结果用到示例数，只作演示，不能作为审核依据。",
            "This decision rests on illustrative figures: for demonstration only, never for a real case.",
        ),
        "nothing": ("没有可显示的结论。", "There is no conclusion to show."),
        "decision": ("审核结果", "Decision"),
    }
)
"""Short fixed phrases of the renderings."""


def phrase(key: str, lang: str) -> str:
    """A fixed phrase.

    >>> phrase("see_above", "zh")
    '见上 →'
    """
    return PHRASES[key].say(lang)


def colon(lang: str) -> str:
    """The colon between a term and what is said of it."""
    return ": " if lang == "en" else "："


def semicolon(lang: str) -> str:
    """What stands between two statements on one line."""
    return "; " if lang == "en" else "；"


def in_chinese(text: str) -> bool:
    """Whether a text is written in Chinese.

    >>> in_chinese("由省里公布"), in_chinese("found by a person (海宁市民政局)")
    (True, False)
    """
    letters = sum(character.isascii() and character.isalpha() for character in text)
    return sum("\u4e00" <= character <= "\u9fff" for character in text) > letters


def bracketed(text: str, lang: str) -> str:
    """A remark set after a label.

    >>> bracketed("示例数", "zh"), bracketed("illustrative", "en")
    ('〔示例数〕', '[illustrative]')
    """
    return f"[{text}]" if lang == "en" else f"〔{text}〕"


def noted(text: str, remark: str, lang: str) -> str:
    """A text with a remark set after it; 〔 brings its own white space.

    >>> noted("低保标准", "示例数", "zh"), noted("standard", "illustrative", "en")
    ('低保标准〔示例数〕', 'standard [illustrative]')
    """
    return f"{text}{' ' if lang == 'en' else ''}{bracketed(remark, lang)}"


def listed(items: list[str], lang: str, *, either: bool = False) -> str:
    """Items one after another, as the language lists them; ``either`` when one of them is enough.

    >>> listed(["车管", "社保"], "zh"), listed(["tax", "social insurance", "banks"], "en", either=True)
    ('车管、社保', 'tax, social insurance or banks')
    """
    comma = ", " if lang == "en" else "、"
    if not either or len(items) < 2:
        return comma.join(items)
    return comma.join(items[:-1]) + (" or " if lang == "en" else "或") + items[-1]


def who(names: tuple[str, ...], lang: str, *, either: bool = False) -> str:
    """Departments, forms or levels of government, as people call them.

    >>> who(("车管", "申报"), "en")
    'vehicle registration, the applicant’s declaration'
    """
    said = [look_up(LEVELS if name in LEVELS else DEPARTMENTS, name, lang) for name in names]
    return listed(said, lang, either=either)


def weakest(statuses: list[str]) -> str:
    """The weakest of several statuses; empty if there is none.

    >>> weakest(["verbatim", "illustrative", "position"])
    'illustrative'
    """
    known = [status for status in statuses if status in STATUS_ORDER]
    return max(known, key=STATUS_ORDER.index, default="")
