"""Telling people what went wrong: our problems, mistakes on the command line, and our own defects."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Final

import click

from minzheng_rules.cli.session import ExitCode, Session, colours
from minzheng_rules.problems import Place, Problem, ProblemsFound, Words, nearest
from minzheng_rules.trail.rendering.layout import Span, paint

_LEADS: Final = {
    "error": (Words("", ""), "false"),
    "warning": (Words("提醒：", "warning: "), "open"),
    "note": (Words("说明：", "note: "), "aside"),
}
"""By severity: what a message begins with, and its colour."""


def tell(problems: Iterable[Problem], session: Session, to_stdout: bool = False) -> None:
    """Print problems in the session's language, each once, errors and warnings told apart."""
    stream = sys.stdout if to_stdout else sys.stderr
    colour = colours(stream)
    for problem in dict.fromkeys(problems):
        first, *rest = problem.say(session.lang).split("\n")
        lead, style = _LEADS.get(problem.severity, _LEADS["error"])
        lines = [paint([Span(lead.say(session.lang) + first, style)], colour)]
        lines += [paint([Span(line, style if line.strip() == "^" else "")], colour) for line in rest]
        click.echo("\n".join(lines), err=not to_stdout, color=colour)


def severity(problems: Iterable[Problem]) -> ExitCode:
    """Which exit code says it: usage, if it is the command line alone that has to change; else unusable."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return ExitCode.DONE
    return ExitCode.USAGE if all(is_option(problem.place) for problem in errors) else ExitCode.UNUSABLE


def is_option(place: Place) -> bool:
    """Whether a place is an option of the command line, such as ``--place``."""
    return place.file.startswith("--")


def unexpected(error: BaseException, session: Session) -> str:
    """What is said of an exception nobody foresaw: it is our mistake, and how to see more of it."""
    named = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    again = session.say(
        "请加上 --debug 再运行一次（minzheng --debug …），并把结果报给我们",
        "run it again with --debug (minzheng --debug …) and report what it shows",
    )
    said = session.say(
        f"程序自身出错了，这不是您的输入造成的（{named}）",
        f"the program itself failed; this is our defect, not yours ({named})",
    )
    return f"{said}\n  → {again}" if not session.debug else said


class UsageProblems(ProblemsFound):
    """Several mistakes on the command line at once."""


# -- mistakes on the command line --------------------------------------------------------------------------------------


class UsageMistake(click.UsageError):
    """A mistake on the command line that is ours to tell, in both languages."""

    def __init__(self, words: Words, next_step: Words | None = None, ctx: click.Context | None = None) -> None:
        super().__init__(words.en, ctx)
        self.words, self.next_step = words, next_step


def usage_text(error: click.ClickException, session: Session) -> str:
    """A mistake on the command line, and where help is."""
    words, step = _usage_words(error)
    lines = [words.say(session.lang)]
    if step is not None:
        lines.append(f"  → {step.say(session.lang)}")
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else "minzheng"
    lines.append(f"  → {session.say('用法见', 'for help:')} {path} --help")
    return "\n".join(lines)


def _usage_words(error: click.ClickException) -> tuple[Words, Words | None]:
    # The classes, from the particular to the general: NoSuchOption is a UsageError, MissingParameter a BadParameter.
    if isinstance(error, UsageMistake):
        return error.words, error.next_step
    if isinstance(error, click.NoSuchOption):
        name = error.option_name
        return Words(f"没有 {name} 这个选项", f"there is no option {name}"), _meant_option(error)
    if isinstance(error, click.MissingParameter):
        name = _parameter_name(error)
        return Words(f"缺少 {name}", f"{name} is missing"), None
    if isinstance(error, click.BadParameter):
        name = _parameter_name(error)
        return Words(f"{name} 不能这样写：{error.message}", f"{name} cannot be this: {error.message}"), None
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        if "does not take a value" in error.message:
            return Words(f"{name} 后面不带值", f"{name} does not take a value"), None
        return Words(f"{name} 后面要写一个值", f"{name} needs a value after it"), None
    extra = _EXTRA.search(error.message)
    if extra is not None:
        return Words(f"多出了 {extra[1]}", f"{extra[1]} is one too many"), None
    return Words(error.message, error.message), None


_EXTRA: Final = re.compile(r"^Got unexpected extra arguments? \((.*)\)")


def _meant_option(error: click.NoSuchOption) -> Words | None:
    command = error.ctx.command if error.ctx is not None else None
    known = [name for parameter in command.params for name in parameter.opts] if command is not None else []
    near = nearest(error.option_name, [name for name in known if name.startswith("--")])
    return None if near is None else did_you_mean(near)


def _parameter_name(error: click.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return str(error.param_hint or "")
    long = [name for name in parameter.opts if name.startswith("-")]
    if long:
        return max(long, key=len)
    return (getattr(parameter, "metavar", None) or parameter.human_readable_name).strip("[]… ")


def did_you_mean(near: str) -> Words:
    """The next step where a word is nearly another."""
    return Words(f"您是否想写 {near}？", f"did you mean {near}?")


def one_of(known: Iterable[str]) -> Words:
    """The next step where there are only so many possible words."""
    listed = list(known)
    return Words("可选：" + "、".join(listed), "possible: " + ", ".join(listed))
