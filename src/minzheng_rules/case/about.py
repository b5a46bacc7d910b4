"""What a case file says besides the facts of its root entity."""

from __future__ import annotations

FORMAT = "minzheng-case/1"
"""The version of the form :meth:`~minzheng_rules.case.case.Case.to_json` writes."""

ABOUT = {
    "format": "格式",
    "case": "案件",
    "as_of": "基准日",
    "place": "地点",
    "title": "标题",
    "note": "说明",
}
"""English and Chinese keys."""
