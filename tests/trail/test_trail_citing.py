from __future__ import annotations

import pytest

from minzheng_rules.problems import Words
from minzheng_rules.trail.citing import chinese_numeral, cite, cite_all, instrument, number_in_english
from minzheng_rules.trail.node import Citation

MEASURES = Words("最低生活保障审核确认办法", "Measures")


def of(article: str, title: str = MEASURES.zh, number: str = "", instrument: str = "M57") -> Citation:
    return Citation(instrument, article, Words(title, "Measures"), number)


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("7", "第七条", ", art. 7"),
        ("7.1", "第七条第一款", ", art. 7(1)"),
        ("7.1(2)", "第七条第一款第二项", ", art. 7(1)(2)"),
        ("50.3", "第五十条第三款", ", art. 50(3)"),
        ("26(1)", "第二十六条第一项", ", art. 26 item (1)"),
        ("7.2(3)(1)", "第七条第二款第三项第一目", ", art. 7(2)(3)(1)"),
        ("10", "第十条", ", art. 10"),
        ("21", "第二十一条", ", art. 21"),
        ("105", "第一百零五条", ", art. 105"),
        ("110", "第一百一十条", ", art. 110"),
        ("1259", "第一千二百五十九条", ", art. 1259"),
        ("133-1", "第一百三十三条之一", ", art. 133-1"),
        ("C.3", "附录C.3", ", annex C.3"),
        ("附则", "附则", ", 附则"),
        ("7.1(2", "7.1(2", ", 7.1(2"),
        ("", "", ""),
    ],
)
def test_an_article(article: str, zh: str, en: str) -> None:
    assert cite(of(article)) == f"《最低生活保障审核确认办法》{zh}"
    assert cite(of(article), "en") == f"Measures{en}"
    assert of(article).say() == cite(of(article))


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("1(1)", "第一部分第（一）项", ", part 1(1)"),
        ("3", "第三部分", ", part 3"),
        ("2.1(3)", "第二部分第一段第（三）项", ", part 2, para. 1(3)"),
    ],
)
def test_a_notice_has_headings(article: str, zh: str, en: str) -> None:
    assert cite(of(article, "关于做好兜底保障工作的通知")).endswith(f"通知》{zh}")
    assert cite(of(article, "关于做好兜底保障工作的通知"), "en") == f"Measures{en}"


def test_a_notice_that_issues_measures_has_articles() -> None:
    assert cite(of("3", "关于印发《审核确认办法》的通知")) == "《关于印发〈审核确认办法〉的通知》第三条"


def test_a_standard_has_clauses() -> None:
    norm = of("5.2(1)", "老年人能力评估规范", "GB/T 42195—2022")
    assert cite(norm) == "《老年人能力评估规范》第5.2条第一项"
    assert cite(norm, "en") == "Measures (GB/T 42195—2022), clause 5.2(1)"


def test_several_articles_of_one_instrument() -> None:
    articles = ["7.1(2)", "7.1(3)", "7.1(3)", "7.2(1)", "9", "9.2", "23"]
    assert cite_all(map(of, articles)) == (
        "《最低生活保障审核确认办法》第七条第一款第二项、第三项、第二款第一项、第九条、第九条第二款、第二十三条"
    )
    assert cite_all(map(of, articles), "en") == "Measures, arts. 7(1)(2), 7(1)(3), 7(2)(1), 9, 9(2), 23"


def test_instruments_stay_in_the_order_of_citing() -> None:
    citations = [
        of("9", "社会救助暂行办法", instrument="R649"),
        of("7"),
        of("12", "社会救助暂行办法", instrument="R649"),
    ]
    assert cite_all(citations) == "《社会救助暂行办法》第九条、第十二条，《最低生活保障审核确认办法》第七条"
    assert cite_all([]) == ""


@pytest.mark.parametrize(
    ("number", "english"),
    [
        ("民发〔2021〕57号", "Min Fa [2021] No. 57"),
        ("国办发〔2023〕39号", "Guo Ban Fa [2023] No. 39"),
        ("国务院令第649号", "State Council Decree No. 649"),
        ("国务院令第六百四十九号", "State Council Decree No. 649"),
        ("主席令第七十二号", "Presidential Order No. 72"),
        ("GB/T 42195—2022", "GB/T 42195—2022"),
        ("", ""),
    ],
)
def test_document_numbers_in_english(number: str, english: str) -> None:
    assert number_in_english(number) == english


def test_the_instrument_alone() -> None:
    assert instrument(of("7", number="民发〔2021〕57号")) == "《最低生活保障审核确认办法》（民发〔2021〕57号）"
    assert instrument(of("7", number="民发〔2021〕57号"), "en") == "Measures (Min Fa [2021] No. 57)"


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numerals_have_bounds(number: int) -> None:
    with pytest.raises(ValueError, match="9999"):
        chinese_numeral(number)


def test_numerals_differ() -> None:
    assert len({chinese_numeral(n) for n in range(10_000)}) == 10_000
