"""One small bad rulebook for each message of the checks, found by the name of the test that reads it."""

from __future__ import annotations

from typing import Any

DECIDES = "decides: {eligible: 可享}\n"
PLAIN = "household:\n  may: {term: 可享, cite: LAW#1, when: 贫困}\n"

BAD: dict[str, dict[str, Any]] = {
    "rule.circular": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, when: 贫困 or 困难}
  hard: {term: 困难, cite: LAW#1, when: 农村 and 低下}
  low: {term: 低下, cite: LAW#1, when: 车辆 > 0 or 可享}
"""
        + DECIDES,
    },
    "rule.overlap": {
        "rules": """
household:
  may:
    term: 可享
    versions:
      2020-01-01: {cite: LAW#1, when: 贫困, until: 2022-06-30}
      2022-01-01: {cite: LAW#1, when: 农村}
"""
        + DECIDES,
    },
    "rule.gap": {
        "rules": """
household:
  may:
    term: 可享
    versions:
      2020-01-01: {cite: LAW#1, when: 贫困, until: 2021-12-31}
      2022-07-01: {cite: LAW#1, when: 农村}
"""
        + DECIDES,
    },
    "rule.not-in-force": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, when: 困难}
  hard: {term: 困难, cite: LAW#1, from: 2021-01-01, when: 贫困}
"""
        + DECIDES,
    },
    "rule.link-without-effect": {
        "rules": """
household:
  amount: {term: 金额, cite: LAW#1, unit: yuan/month, from: 2022-01-01, value: 收入}
  other: {term: 另算, cite: LAW#1, until: 2021-12-31, from: 2020-01-01, exception_to: 金额, when: 农村, value: 0}
decides: {amount: 金额}
""",
    },
    "parameter.no-value": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准}
"""
        + DECIDES,
        "policies": """
line: {term: 标准, unit: yuan/month/household, range: [0, 5000]}
""",
    },
    "parameter.no-value-yet": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准}
"""
        + DECIDES,
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  range: [0, 5000]
  values:
    2021-01-01: {value: 1000, source: LAW#1}
""",
    },
    "parameter.gap": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准}
"""
        + DECIDES,
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  range: [0, 5000]
  values:
    2020-01-01: {value: 1000, source: LAW#1, until: 2020-12-31}
    2021-07-01: {value: 1100, source: LAW#1}
""",
    },
    "parameter.rows-missing": {
        "rules": """
household:
  amount: {term: 金额, cite: LAW#1, unit: yuan/month, value: '标准[户级别]'}
decides: {amount: 金额}
""",
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  range: [0, 5000]
  by: [等级]
  values:
    2020-01-01: {一级: {value: 3, source: LAW#1}, 二级: {value: 2, source: LAW#1}}
""",
    },
    "parameter.bands-overlap": {
        "rules": """
person:
  amount: {term: 津贴, cite: LAW#1, unit: yuan/month, value: '标准[年龄]'}
household:
  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}
decides: {amount: 金额}
""",
        "policies": """
line:
  term: 标准
  unit: yuan/month/person
  range: [0, 5000]
  by: [{term: 年龄段, unit: year}]
  source: LAW#1
  values:
    2020-01-01: |
      | 年龄段 | =   |
      | 60..80 | 100 |
      | 80..   | 200 |
""",
    },
    "parameter.bands-gap": {
        "rules": """
person:
  amount: {term: 津贴, cite: LAW#1, unit: yuan/month, value: '标准[年龄]'}
household:
  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}
decides: {amount: 金额}
""",
        "policies": """
line:
  term: 标准
  unit: yuan/month/person
  range: [0, 5000]
  by: [{term: 年龄段, unit: year}]
  source: LAW#1
  values:
    2020-01-01: |
      | 年龄段 | =   |
      | 60..69 | 100 |
      | 80..   | 200 |
""",
    },
    "parameter.rows-dropped": {
        "rules": """
household:
  amount: {term: 金额, cite: LAW#1, unit: yuan/month, value: '标准[户级别]'}
decides: {amount: 金额}
""",
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  range: [0, 5000]
  by: [等级]
  source: LAW#1
  values:
    2020-01-01: {一级: 3, 二级: 2, 三级: 1}
    2022-01-01: {一级: 4, 二级: 3}
""",
    },
    "parameter.setter": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准}
"""
        + DECIDES,
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  range: [0, 5000]
  set_by: province
  values:
    2020-01-01: {value: 1000, source: LAW#1}
""",
        "more": {"policies/town/figures.yaml": "line: {values: {2021-01-01: {value: 900, source: LAW#2}}}\n"},
    },
    "parameter.range-missing": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准}
"""
        + DECIDES,
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  values:
    2020-01-01: {value: 1000, source: LAW#1}
""",
    },
    "figure.source-missing": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准}
"""
        + DECIDES,
        "policies": """
line:
  term: 标准
  unit: yuan/month/household
  range: [0, 5000]
  values:
    2020-01-01: {value: 1000, status: verbatim}
""",
    },
    "table.gap": {
        "rules": """
person:
  pay:
    term: 津贴
    cite: LAW#1
    unit: yuan/month
    table: |
      | 级别       | 重残 | =        |
      | 一级, 二级 | 是   | 工资     |
      | 一级       | 否   | 工资 + 0 |
      | 三级       | -    | 0        |
household:
  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}
decides: {amount: 金额}
""",
    },
    "table.overlap": {
        "rules": """
person:
  pay:
    term: 津贴
    cite: LAW#1
    unit: yuan/month
    table: |
      | 年龄     | 重残 | =    |
      | < 老年线 | -    | 0    |
      | -        | 是   | 工资 |
      | >= 老年线 | 否   | 0    |
household:
  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}
decides: {amount: 金额}
""",
        "policies": """
old: {term: 老年线, unit: year, range: [50, 70], values: {2020-01-01: {value: 60, source: LAW#1}}}
""",
    },
    "table.unreachable": {
        "rules": """
person:
  pay:
    term: 津贴
    cite: LAW#1
    unit: yuan/month
    hit: first
    table: |
      | 级别 | 重残 | =    |
      | 一级 | -    | 工资 |
      | -    | 否   | 0    |
      | 一级 | 是   | 0    |
      | -    | 是   | 工资 |
household:
  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}
decides: {amount: 金额}
""",
    },
    "exception.conflict": {
        "rules": """
household:
  amount: {term: 金额, cite: LAW#1, unit: yuan/month, value: 收入}
  rural_amount: {term: 农村金额, cite: LAW#2, exception_to: 金额, when: 农村, value: 0}
  poor_amount: {term: 贫困金额, cite: LAW#3, exception_to: 金额, when: 贫困, value: 收入 + 收入}
decides: {amount: 金额}
""",
    },
    "cite.unknown": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, all: [{any: [{when: 贫困, cite: LAV#2}, 农村]}]}
"""
        + DECIDES,
    },
    "cite.unknown-edition": {
        "rules": """
household:
  may: {term: 可享, cite: [LAW#1, CODE@2021#3], when: 贫困}
"""
        + DECIDES,
    },
    "cite.no-such-article": {
        "rules": """
household:
  may: {term: 可享, cite: 'LAW#12.1(2), NOTE#2-1, LAW#3', when: 贫困}
"""
        + DECIDES,
    },
    "cite.missing": {
        "rules": """
household:
  may: {term: 可享, when: 贫困}
"""
        + DECIDES,
    },
    "cite.not-in-force": {
        "rules": """
household:
  may: {term: 可享, cite: NOTE#1, from: 2020-01-01, when: 贫困}
"""
        + DECIDES,
    },
    "cite.item-not-in-force": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, any: [{when: 贫困, cite: NOTE#2}, 农村]}
"""
        + DECIDES,
    },
    "rule.not-reaffirmed": {
        "rules": """
household:
  may:
    term: 可享
    versions:
      2020-01-01: {cite: LAW#1, when: 贫困}
      2024-01-01: {cite: NEWLAW#1, when: 贫困 or 农村}
"""
        + DECIDES,
        "shire": """
household:
  may_here: {term: 雾省可享, cite: CODE#1, from: 2021-01-01, replaces: 可享, when: 贫困 and 农村}
""",
    },
    "rule.filling-not-entitled": {
        "rules": """
household:
  may:
    term: 可享
    versions:
      2020-01-01: {cite: LAW#1, delegated_to: {province: LAW#1}}
      2024-01-01: {cite: NEWLAW#1, delegated_to: {county: NEWLAW#1}}
"""
        + DECIDES,
        "shire": """
household:
  may_here: {term: 雾省可享, cite: CODE#1, fills: 可享, when: 贫困}
""",
    },
    "wording.operator": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 标准 <= 收入}
"""
        + DECIDES,
        "policies": """
line: {term: 标准, unit: yuan/month/household, range: [0, 5000], values: {2020-01-01: {value: 9, source: LAW#1}}}
""",
    },
    "wording.missing": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, all: [贫困, 收入 < 标准]}
"""
        + DECIDES,
        "policies": """
line: {term: 标准, unit: yuan/month/household, range: [0, 5000], values: {2020-01-01: {value: 9, source: LAW#1}}}
""",
    },
    "wording.unplaced": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, all: [{when: 贫困, wording: 低于}]}
"""
        + DECIDES,
    },
    "wording.unplaced, several": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, wording: 低于, when: 收入 < 标准 or 收入 < 标准 + 标准}
"""
        + DECIDES,
        "policies": """
line: {term: 标准, unit: yuan/month/household, range: [0, 5000], values: {2020-01-01: {value: 9, source: LAW#1}}}
""",
    },
    "division.zero": {
        "rules": """
household:
  share: {term: 人均, cite: LAW#1, unit: yuan/month/person, value: 收入 / count(家人)}
decides: {result: {share: 人均}}
""",
    },
    "rule.unused": {
        "rules": PLAIN + "  hard: {term: 困难, cite: LAW#1, when: 农村}\n" + DECIDES,
    },
    "parameter.unused": {
        "rules": PLAIN + DECIDES,
        "policies": """
line: {term: 标准, unit: yuan/month/household, range: [0, 5000], values: {2020-01-01: {value: 9, source: LAW#1}}}
""",
    },
    "rule.unfilled": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, delegated_to: {province: LAW#1}}
"""
        + DECIDES,
        "notes": True,
    },
    "fact.unused": {
        "rules": """
household:
  may: {term: 可享, cite: LAW#1, when: '贫困 or 农村 or 户级别 == 一级 or 收入 > 0 or any(p.重残 or p.重病 or p.级别 == 一级 or p.工资 > 0 for p in 家人)'}
"""
        + DECIDES,
        "notes": True,
    },
}
