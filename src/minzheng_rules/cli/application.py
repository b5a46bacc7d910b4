"""The root of the command: its language, its version, and what becomes of an exception."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from minzheng_rules.cli.commanding import Group, option
from minzheng_rules.cli.session import LANGUAGE_VARIABLE, ExitCode, Session, colours, set_language
from minzheng_rules.cli.telling import (
    UsageMistake,
    UsageProblems,
    did_you_mean,
    one_of,
    severity,
    tell,
    unexpected,
    usage_text,
)
from minzheng_rules.cli.values import OneOf
from minzheng_rules.problems import ProblemsFound, Words, nearest

_HOME: Final = "minzheng_rules.cli.commands"
_COMMANDS: Final = {
    "demo": ("demo", Words("看示例家庭怎样裁断", "how the example households come out")),
    "decide": ("decide", Words("裁断个案", "decide cases")),
    "explain": ("explain", Words("说明理由，逐条列出依据", "why it came out so, article by article")),
    "template": ("template", Words("可以填写的个案文件", "a case file to fill in")),
    "schema": ("schema", Words("个案文件的 JSON Schema", "the JSON Schema of case files")),
    "parameters": ("parameters", Words("参数的值、来历和制定机关", "figures, how well known, who sets them")),
    "simulate": ("simulate", Words("一项改动对全县意味着什么", "what a change would mean for a county")),
    "population": ("population", Words("成批裁断，表格进表格出", "many households, in tables")),
    "monitor": ("monitor", Words("部门记录的监测预警", "warnings from departments' records")),
    "replay": ("replay", Words("重放裁断记录，比较结论", "decide recorded cases again and compare")),
    "show": ("show", Words("把规则读成句子", "a program's rules in sentences")),
    "uses": ("uses", Words("一个名称用在哪里", "where a name is used")),
    "check": ("check", Words("检查规则手册", "check a rulebook")),
    "test": ("worked_cases", Words("运行算例", "run worked cases")),
}
"""By name: the module of :mod:`minzheng_rules.cli.commands` it lies in, and what it does in a few words."""

_WORDS = Words(
    "按规则手册裁断家庭能享受的民政待遇：精确到分，逐条说明理由。",
    "Decide what a household is entitled to in Chinese civil affairs: exact to the fen, explained article by article.",
)
_NOTES = Words(
    """从这里开始：
  minzheng demo                          看看示例家庭怎样裁断
  minzheng template -o case.yaml         写下一份可填写的个案文件
  minzheng decide case.yaml              裁断
  minzheng explain case.yaml             说明理由

退出码：0 完成；1 查出问题；2 命令写错；3 文件不能用；
  70 程序自身出错；130 被中断。""",
    """Begin here:
  minzheng demo                          how the example households come out
  minzheng template -o case.yaml         write a case file to fill in
  minzheng decide case.yaml              decide it
  minzheng explain case.yaml             say why

Exit codes: 0 done; 1 something was found; 2 wrong usage;
  3 a file cannot be used; 70 our own defect; 130 interrupted.""",
)


class _Application(Group):
    """The whole command: answers every exception in the language asked for and with an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command; exits with its code, or returns it where ``standalone_mode`` is off."""
        arguments = list(sys.argv[1:] if args is None else args)
        session = Session.begin(arguments, os.environ)
        if args is None:
            _prepare_process()
        try:
            code = super().main(
                arguments,
                prog_name or "minzheng",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args and args is None,
                obj=session,
                **extra,
            )
            sys.stdout.flush()
            code = int(code or 0)
        except Exception as error:
            code = _answer(error, session)
        if standalone_mode:
            sys.exit(code)
        return code

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a reader who left early is answered here, before click makes a failure of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            return _answer(error, ctx.ensure_object(Session))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command asked for; a word that is none gets the nearest that is."""
        name = args[0]
        if name in self.commands_in:
            return super().resolve_command(ctx, args)
        near = nearest(name, self.commands_in)
        step = did_you_mean(f"{ctx.command_path} {near}") if near is not None else one_of(self.commands_in)
        raise UsageMistake(Words(f"没有“{name}”这个命令", f'there is no command "{name}"'), step, ctx)


def _answer(error: Exception, session: Session) -> int:
    """Tell what happened, and say which exit code it is."""
    if isinstance(error, ProblemsFound):
        tell(error.problems, session)
        return ExitCode.USAGE if isinstance(error, UsageProblems) else severity(error.problems)
    if isinstance(error, click.ClickException):
        click.echo(usage_text(error, session), err=True, color=colours(sys.stderr))
        return ExitCode.USAGE
    if isinstance(error, click.Abort):
        click.echo(session.say("已中断", "interrupted"), err=True)
        _forget_the_interrupt()
        return ExitCode.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has left (`minzheng … | head`). Nothing more may be written, not even when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    if session.debug:
        import traceback

        traceback.print_exception(error)
    click.echo(unexpected(error, session), err=True)
    return ExitCode.DEFECT


def _forget_the_interrupt() -> None:
    """Let the process end with our exit code even where Ctrl-C fell into a module that runs generated code.

    CPython marks an interrupt that leaves `exec` of a string (named tuples and dataclasses are made so) as unhandled, and a process started
    by `python -m` then kills itself by the signal whatever was caught since. The next `exec` of a string takes the mark away.
    """
    exec("")


def _prepare_process() -> None:
    """Make the process fit for one short run that prints Chinese."""
    import gc

    # A rulebook is a great many objects that all stay; looking for garbage among them takes a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
        if encoding != "utf8" and hasattr(stream, "reconfigure"):
            # Something in place of what the terminal cannot show, instead of failing.
            stream.reconfigure(errors="backslashreplace")


def _set_debug(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    ctx.ensure_object(Session).debug = value


def _print_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from minzheng_rules import __version__

        click.echo(f"minzheng_rules {__version__}")
        ctx.exit()


@click.group(
    cls=_Application,
    name="minzheng",
    words=_WORDS,
    notes=_NOTES,
    home=_HOME,
    commands_in=_COMMANDS,
    invoke_without_command=True,
    options_metavar="[OPTIONS]",
    subcommand_metavar="COMMAND …",
)
@option(
    "--lang",
    type=OneOf("zh", "en"),
    envvar=LANGUAGE_VARIABLE,
    expose_value=False,
    is_eager=True,
    callback=set_language,
    words=Words(
        f"输出的语言，不写是中文；也可设 {LANGUAGE_VARIABLE}",
        f"the language to answer in, zh unless said; or set {LANGUAGE_VARIABLE}",
    ),
)
@option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set_debug,
    words=Words("程序自身出错时显示详情", "show the details of a failure of the program itself"),
)
@option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    words=Words("显示版本", "show the version"),
)
@click.pass_context
def main(ctx: click.Context) -> int | None:
    """The command itself does nothing but hand over to its subcommands; without one it shows its help."""
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help())
    return ExitCode.USAGE
