"""What may be written after an option: dates, choices, figures. Each refuses in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from minzheng_rules.cli.telling import UsageMistake, did_you_mean, one_of
from minzheng_rules.problems import Words, nearest

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
    _Choice = click.Choice[str]
else:
    # Before 8.2, click's types take no arguments.
    _Type, _Choice = click.ParamType, click.Choice


class Day(_Type):
    """A date, written 2025-06-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The date; a refusal shows how to write one."""
        if isinstance(value, dt.date):
            return value
        try:
            if len(value) != 10:
                raise ValueError
            return dt.date.fromisoformat(value)
        except ValueError:
            raise UsageMistake(
                Words(
                    f"{_name(param)} 不能是“{value}”：应为日期", f'{_name(param)} cannot be "{value}": expected a date'
                ),
                Words("请写作 2025-06-01", "write it as 2025-06-01"),
                ctx,
            ) from None


class OneOf(_Choice):
    """One of a few words."""

    def __init__(self, *choices: str) -> None:
        super().__init__(choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; a refusal says which there are."""
        if value in self.choices:
            return str(value)
        near = nearest(value, self.choices)
        raise UsageMistake(
            Words(f"{_name(param)} 不能是“{value}”", f'{_name(param)} cannot be "{value}"'),
            did_you_mean(near) if near is not None else one_of(self.choices),
            ctx,
        )


class Setting(_Type):
    """A parameter and the value to use for it, written 低保标准=1000."""

    name = "setting"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Name and value; a refusal shows how to write them."""
        if isinstance(value, tuple):
            return value
        name, sign, figure = value.replace("＝", "=").partition("=")
        if not sign or not name.strip() or not figure.strip():
            raise UsageMistake(
                Words(
                    f"{_name(param)} 不能是“{value}”：应为 参数=值",
                    f'{_name(param)} cannot be "{value}": expected name=value',
                ),
                Words("请写作 --set 低保标准=1000", "write it as --set dibao_standard=1000"),
                ctx,
            )
        return name.strip(), figure.strip()


class Whole(_Type):
    """A whole number between two bounds, both included."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a refusal gives the bounds."""
        if isinstance(value, int):
            return value
        if not (value.isascii() and value.isdigit() and self.least <= int(value) <= self.most):
            raise UsageMistake(
                Words(
                    f"{_name(param)} 不能是“{value}”：应为 {self.least} 至 {self.most} 的整数",
                    f'{_name(param)} cannot be "{value}": expected a whole number from {self.least} to {self.most}',
                ),
                None,
                ctx,
            )
        return int(value)


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    forms: Sequence[str] = param.opts
    written = max(forms, key=len, default="")
    if written.startswith("-"):
        return written
    return (getattr(param, "metavar", None) or param.human_readable_name).strip("[]… ")
