"""How a provision is cited in print.

Rules write the article short (``7.1(2)``); documents write 第七条第一款第二项. What is understood:

========== ============================= ======================
``7``      第七条                          art. 7
``7.1``    第七条第一款                      art. 7(1)
``7.1(2)`` 第七条第一款第二项                  art. 7(1)(2)
``26(1)``  第二十六条第一项                   art. 26 item (1)
``133-1``  第一百三十三条之一                  art. 133-1
``C.3``    附录C.3, the annex of a standard  annex C.3
========== ============================= ======================

A notice or opinion has no articles but headings 一、（一）: of those ``1(1)`` is 第一部分第（一）项. Anything else is
printed as it was written, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minzheng_rules.trail.node import Citation

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")

_ARTICLE = re.compile(
    r"(?P<article>\d+)(?:-(?P<inserted>\d+))?(?:\.(?P<paragraph>\d+))?(?:\((?P<item>\d+)\))?(?:\((?P<point>\d+)\))?"
)
_CLAUSE = re.compile(r"(?P<annex>[A-Z])?(?:\.?(?P<clause>\d+(?:\.\d+)*))?(?:\((?P<item>\d+)\))?")
_STANDARD = re.compile(r"^(GB|DB|MZ|WS|JR|LD)\d*(/T|/Z|/|\b)")
_HEADED = re.compile(r"(通知|意见|方案|纲要|规划|批复)(?:（[^（）]*）|\([^()]*\))?$")

_SPELLED = """
民Min 发Fa 国Guo 办Ban 政Zheng 浙Zhe 海Hai 嘉Jia 杭Hang 财Cai 社She 人Ren 部Bu 函Han 规Gui 法Fa 释Shi 中Zhong 厅Ting
字Zi 综Zong 救Jiu 养Yang 医Yi 保Bao 残Can 联Lian 教Jiao 住Zhu 建Jian 卫Wei 老Lao 黑Hei 沪Hu 渝Yu 京Jing 苏Su 皖Wan 赣Gan
闽Min 粤Yue 改Gai 市Shi 县Xian 劳Lao 税Shui 审Shen 监Jian 农Nong 计Ji
委Wei 文Wen 号Hao 福Fu 川Chuan 津Jin 冀Ji 晋Jin 辽Liao 吉Ji 鄂E 湘Xiang 桂Gui 琼Qiong 贵Gui 云Yun 陕Shan 甘Gan 青Qing
宁Ning 新Xin 藏Zang 蒙Meng 鲁Lu 豫Yu
"""
_CODES = {spelled[0]: spelled[1:] for spelled in _SPELLED.split()}
_DECREES = (
    (re.compile(r"^国务院令第?(\d+)号$"), r"State Council Decree No. \1"),
    (re.compile(r"^(?:中华人民共和国)?主席令第?(\d+)号$"), r"Presidential Order No. \1"),
    (re.compile(r"^(?:中华人民共和国)?民政部令第?(\d+)号$"), r"Ministry of Civil Affairs Decree No. \1"),
    (
        re.compile(r"^浙江省(?:第\d+届)?人(?:大|民代表大会)常(?:委会|务委员会)公告第?(\d+)号$"),
        r"Announcement No. \1 of the Standing Committee of the Zhejiang People’s Congress",
    ),
    (
        re.compile(r"^劳动和社会保障部令第?(\d+)号$"),
        r"Ministry of Labour and Social Security Decree No. \1",
    ),
    (
        re.compile(r"^(\d{4})年(\d+)月(\d+)日全国人民代表大会通过$"),
        r"adopted by the National People’s Congress, \1-\2-\3",
    ),
    (
        re.compile(r"^(\d{4})年(\d+)月(\d+)日全国人大常委会通过$"),
        r"adopted by the Standing Committee of the National People’s Congress, \1-\2-\3",
    ),
)
_BODIES = {
    "全国人民代表大会": "the National People’s Congress",
    "全国人大常委会": "the Standing Committee of the National People’s Congress",
    "浙江省人大常委会": "the Standing Committee of the Zhejiang People’s Congress",
    "国务院": "the State Council",
    "国务院、中央军委": "the State Council and the Central Military Commission",
    "国务院、中央军委令": "decree of the State Council and the Central Military Commission",
    "民政部": "the Ministry of Civil Affairs",
    "国家医保局等八部门": "the National Healthcare Security Administration and seven other departments",
    "中国残联": "the China Disabled Persons’ Federation",
    "浙江省": "Zhejiang",
    "浙江省民政厅": "the Zhejiang Department of Civil Affairs",
    "海宁市民政局": "the Haining Civil Affairs Bureau",
}
_ACTS = {"通过": "adopted", "修正": "amended", "修订": "revised", "印发": "issued", "公布": "issued"}
_DAY = r"\d{4}年(?:\d+月(?:\d+日)?)?"
_CLAUSES = (
    (re.compile(rf"^(?P<day>{_DAY})(?P<act>{'|'.join(_ACTS)})$"), "{act} {day}"),
    (re.compile(rf"^(?P<day>{_DAY})(?P<body>.+)(?P<act>{'|'.join(_ACTS)})$"), "{act} by {body}, {day}"),
    (re.compile(rf"^(?P<body>.+?)(?P<day>{_DAY})(?P<act>{'|'.join(_ACTS)})$"), "{act} by {body}, {day}"),
    (re.compile(rf"^所见为(?P<day>{_DAY})(?P<act>修正|修订)文本$"), "seen as {act} {day}"),
    (re.compile(rf"^(?P<body>.+?)(?P<day>{_DAY})$"), "{body}, {day}"),
    (re.compile(rf"^(?P<day>{_DAY})$"), "{day}"),
    (re.compile(r"^令第(?P<number>\d+)号$"), "No. {number}"),
    (re.compile(r"^(?P<body>.+)$"), "{body}"),
)
"""What stands in place of a number, piece by piece: who adopted or amended it and when."""
_FIXED = {"文号未见": "number not seen", "无": "no number"}
_HEADINGS = {
    "分级": "grading",
    "等级": "levels",
    "变更": "changes of level",
    "指标": "indicators",
    "组合": "combination",
}
"""Parts of a standard that is cited by what they are called."""
_CODE = re.compile(r"^(?P<code>[\u4e00-\u9fff]+)[〔\[（(](?P<year>\d{4})[〕\]）)]第?(?P<number>\d+)号?$")


def chinese_numeral(number: int) -> str:
    """A whole number below ten thousand in Chinese, as articles are numbered.

    >>> [chinese_numeral(n) for n in (7, 10, 21, 105, 110, 1259)]
    ['七', '十', '二十一', '一百零五', '一百一十', '一千二百五十九']
    """
    if not 0 <= number < 10_000:
        raise ValueError(f"articles are numbered from 0 to 9999, not {number}")
    if number == 0:
        return _DIGITS[0]
    said, gap = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _UNITS[power]
        gap = not digit
    # 十一, not 一十一, but 一百一十一.
    return said[1:] if said.startswith("一十") else said


def cite(citation: Citation, lang: str = "zh") -> str:
    """One provision as it is printed.

    >>> from minzheng_rules.problems import Words
    >>> measures = Words("最低生活保障审核确认办法", "Measures for Confirming the Subsistence Allowance")
    >>> cite(Citation("M57", "7.1(2)", measures, "民发〔2021〕57号"))
    '《最低生活保障审核确认办法》第七条第一款第二项'
    >>> cite(Citation("M57", "7.1(2)", measures, "民发〔2021〕57号"), "en")
    'Measures for Confirming the Subsistence Allowance (Min Fa [2021] No. 57), art. 7(1)(2)'
    """
    return _instrument_with([citation], lang)


def cite_all(citations: Iterable[Citation], lang: str = "zh") -> str:
    """Several provisions, those of one instrument together, in the order in which they were first named.

    >>> from minzheng_rules.problems import Words
    >>> m57, r649 = Words("审核确认办法", "Measures"), Words("社会救助暂行办法", "Interim Measures")
    >>> cited = [Citation("M57", a, m57) for a in ("7.1(2)", "7.1(3)", "7.2(1)", "23")] + [Citation("R649", "9", r649)]
    >>> cite_all(cited)
    '《审核确认办法》第七条第一款第二项、第三项、第二款第一项、第二十三条，《社会救助暂行办法》第九条'
    >>> cite_all(cited, "en")
    'Measures, arts. 7(1)(2), 7(1)(3), 7(2)(1), 23; Interim Measures, art. 9'
    """
    grouped: dict[tuple[str, str], list[Citation]] = {}
    for citation in citations:
        grouped.setdefault((citation.instrument, citation.title.zh), []).append(citation)
    return ("; " if lang == "en" else "，").join(_instrument_with(group, lang) for group in grouped.values())


def instrument(citation: Citation, lang: str = "zh") -> str:
    """The instrument alone, with its document number.

    >>> from minzheng_rules.problems import Words
    >>> instrument(Citation("M57", "7", Words("审核确认办法", "Measures"), "民发〔2021〕57号"))
    '《审核确认办法》（民发〔2021〕57号）'
    """
    if lang == "en":
        return citation.title.en + (f" ({number_in_english(citation.number)})" if citation.number else "")
    return _titled(citation.title.zh) + (f"（{citation.number}）" if citation.number else "")


def number_in_english(number: str) -> str:
    """A document number in Latin letters, so that a reader of English can look it up.

    >>> number_in_english("民发〔2021〕57号"), number_in_english("国务院令第649号")
    ('Min Fa [2021] No. 57', 'State Council Decree No. 649')
    >>> number_in_english("国务院令第586号（2010年修订）"), number_in_english("2020年11月27日修正")
    ('State Council Decree No. 586, revised 2010', 'amended 2020-11-27')
    """
    whole = _number(number)
    if whole is not None:
        return whole
    pieces = [piece for piece in re.split("[，（）()]", number) if piece]
    if len(pieces) == 1:
        pieces = number.split("、")
    said = [_number(piece) or _piece(piece) for piece in pieces]
    return number if None in said else ", ".join(piece.removeprefix("the ") for piece in said if piece)


def _number(number: str) -> str | None:
    counted = re.sub("[零一二三四五六七八九十百千]+(?=[号届])", _in_digits, number)
    for pattern, english in _DECREES:
        if pattern.match(counted):
            return pattern.sub(english, counted)
    found = _CODE.match(number)
    if found is None:
        return None if re.search("[\u4e00-\u9fff]", number) else number
    spelled = " ".join(_CODES.get(character, character) for character in found["code"])
    return f"{spelled} [{found['year']}] No. {found['number']}"


def _piece(piece: str) -> str | None:
    """A date, an act or an issuer; ``None`` for anything else, which is then left as it stands."""
    if piece in _FIXED:
        return _FIXED[piece]
    dated = re.sub("[零〇一二三四五六七八九]{4}(?=年)", lambda year: "".join(map(_digit, year[0])), piece)
    for pattern, english in _CLAUSES:
        found = pattern.match(dated)
        if found is None:
            continue
        parts = found.groupdict()
        if "body" in parts and parts["body"] not in _BODIES:
            continue
        return english.format(
            body=_BODIES.get(parts.get("body", ""), ""),
            day="-".join(re.findall(r"\d+", parts.get("day", ""))),
            act=_ACTS.get(parts.get("act", ""), ""),
            number=parts.get("number", ""),
        )
    return None


def _digit(numeral: str) -> str:
    return "0" if numeral == "〇" else str(_DIGITS.index(numeral))


def _in_digits(found: re.Match[str]) -> str:
    total = digit = 0
    for character in found[0]:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        else:
            total += max(digit, 1) * 10 ** _UNITS.index(character)
            digit = 0
    return str(total + digit)


@dataclass(frozen=True, slots=True)
class _Provision:
    """An article in its steps: each step with its number as compared and as printed in the two languages."""

    steps: tuple[tuple[str, str], ...]
    english: str
    prefix: str = "art"


def _instrument_with(citations: Sequence[Citation], lang: str) -> str:
    first = citations[0]
    provisions = [_provision(c) for c in _distinct(citations) if c.article]
    if lang == "en":
        return ", ".join([instrument(first, "en"), *_in_english(provisions)])
    return _titled(first.title.zh) + _in_chinese(provisions)


def _distinct(citations: Sequence[Citation]) -> list[Citation]:
    return list({citation.article: citation for citation in citations}.values())


def _in_chinese(provisions: Sequence[_Provision]) -> str:
    said: list[str] = []
    before: tuple[tuple[str, str], ...] = ()
    for provision in provisions:
        shared = _shared(before, provision.steps)
        said.append("".join(printed for _, printed in provision.steps[shared:]))
        before = provision.steps
    return "、".join(said)


def _shared(before: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> int:
    """How many leading steps need not be said again: 第七条第一款第二项、第三项.

    Only where the next step is of the same sort (款 after 款, 项 after 项); otherwise 第七条、第二款 would be misread.
    """
    count = 0
    while count < min(len(before), len(now)) and before[count] == now[count]:
        count += 1
    same_sort = count < min(len(before), len(now)) and before[count][0][0] == now[count][0][0]
    return count if same_sort else 0


def _in_english(provisions: Sequence[_Provision]) -> list[str]:
    said: list[str] = []
    for prefix in dict.fromkeys(provision.prefix for provision in provisions):
        same = [provision.english for provision in provisions if provision.prefix == prefix]
        if not prefix:
            said.extend(same)
            continue
        dot = "." if prefix == "art" else ""
        said.append(f"{prefix}{'s' if len(same) > 1 else ''}{dot} {', '.join(same)}")
    return said


def _provision(citation: Citation) -> _Provision:
    article = citation.article.strip()
    if _STANDARD.match(citation.number) or re.match(r"[A-Z](\.|$)", article):
        found = _CLAUSE.fullmatch(article)
        if found is not None:
            return _clause(found)
    found = _ARTICLE.fullmatch(article)
    if found is None:
        return _Provision((("?", article),), _HEADINGS.get(article, article), "")
    headed = _HEADED.search(citation.title.zh) is not None and "印发" not in citation.title.zh
    return _heading(found) if headed else _article(found)


def _article(found: re.Match[str]) -> _Provision:
    inserted = found["inserted"]
    first = f"第{chinese_numeral(int(found['article']))}条" + (
        f"之{chinese_numeral(int(inserted))}" if inserted else ""
    )
    number = found["article"] + (f"-{inserted}" if inserted else "")
    steps = [(f"条{number}", first)]
    steps += [
        (f"{sort}{found[group]}", f"第{chinese_numeral(int(found[group]))}{sort}")
        for group, sort in (("paragraph", "款"), ("item", "项"), ("point", "目"))
        if found[group]
    ]
    # Without a paragraph, “26(1)” would read as paragraph 1 in English; so the item is called one.
    middle = f"({found['paragraph']})" if found["paragraph"] else " item " if found["item"] else ""
    return _Provision(tuple(steps), number + middle + _bracketed(found, "item", "point"))


def _heading(found: re.Match[str]) -> _Provision:
    steps = [(f"部{found['article']}", f"第{chinese_numeral(int(found['article']))}部分")]
    if found["item"]:
        steps.append((f"项{found['item']}", f"第（{chinese_numeral(int(found['item']))}）项"))
    if found["paragraph"]:
        steps.insert(1, (f"段{found['paragraph']}", f"第{chinese_numeral(int(found['paragraph']))}段"))
    if found["point"]:
        steps.append((f"点{found['point']}", f"第{found['point']}点"))
    middle = f", para. {found['paragraph']}" if found["paragraph"] else ""
    return _Provision(tuple(steps), found["article"] + middle + _bracketed(found, "item", "point"), "part")


def _clause(found: re.Match[str]) -> _Provision:
    annex, clause, item = found["annex"], found["clause"], found["item"]
    number = ".".join(part for part in (annex, clause) if part)
    steps = [(f"{'附' if annex else '章'}{number}", f"附录{number}" if annex else f"第{number}条")]
    if item:
        steps.append((f"项{item}", f"第{chinese_numeral(int(item))}项"))
    return _Provision(tuple(steps), number + (f"({item})" if item else ""), "annex" if annex else "clause")


def _bracketed(found: re.Match[str], *groups: str) -> str:
    return "".join(f"({found[group]})" for group in groups if found[group])


def _titled(title: str) -> str:
    """《…》 round a title; a title inside a title takes 〈…〉."""
    if title.startswith("《") and title.endswith("》"):
        return title
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"
