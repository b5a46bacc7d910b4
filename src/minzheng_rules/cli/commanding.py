"""Commands, options and arguments that explain themselves in Chinese and English.

click lays out help by counting characters; a Chinese character takes two columns, so help is laid out here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final, TypeVar

import click

from minzheng_rules.cli.session import Session, current
from minzheng_rules.problems import Words
from minzheng_rules.trail.rendering.layout import Span, display_width, pad, wrap

WIDEST: Final = 100
_COLUMN: Final = 26
"""How far right the explanations of options may begin."""

_USAGE = Words("用法", "Usage")
_ARGUMENTS = Words("参数", "Arguments")
_OPTIONS = Words("选项", "Options")
_COMMANDS = Words("命令", "Commands")
_HELP = Words("显示这份说明", "show this help")

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Option(click.Option):
    """An option with its explanation in both languages."""

    def __init__(self, *args: Any, words: Words, **attributes: Any) -> None:
        super().__init__(*args, **{**attributes, "help": f"{words.zh} {words.en}"})
        self.words = words


class Argument(click.Argument):
    """A positional argument with its explanation in both languages."""

    def __init__(self, *args: Any, words: Words, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words


def option(*declarations: str, words: Words, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """Declare an option of a command."""
    return click.option(*declarations, cls=Option, words=words, **attributes)


def argument(*declarations: str, words: Words, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """Declare a positional argument of a command."""
    return click.argument(*declarations, cls=Argument, words=words, **attributes)


class Command(click.Command):
    """A command that knows what it does, and shows examples, in both languages."""

    def __init__(self, *args: Any, words: Words, notes: Words | None = None, **attributes: Any) -> None:
        super().__init__(*args, **{**attributes, "help": f"{words.zh} {words.en}"})
        self.words, self.notes = words, notes

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, in the language asked for or in both."""
        formatter.write("\n".join(_help(self, ctx, self.words, self.notes, ())) + "\n")


class Group(click.Group):
    """A group whose commands are imported when they are asked for.

    ``commands_in`` gives for each name the module below ``home`` whose ``command`` it is, and a few words for the list.
    """

    def __init__(
        self,
        *args: Any,
        words: Words,
        home: str,
        commands_in: Mapping[str, tuple[str, Words]],
        notes: Words | None = None,
        **attributes: Any,
    ) -> None:
        super().__init__(*args, **{**attributes, "help": f"{words.zh} {words.en}"})
        self.words, self.notes, self.home, self.commands_in = words, notes, home, commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names of the commands, in the order to read them."""
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """The command of that name, imported now."""
        found = self.commands_in.get(cmd_name)
        if found is None:
            return None
        command: click.Command = import_module(f"{self.home}.{found[0]}").command
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, in the language asked for or in both."""
        rows = [(name, words) for name, (_, words) in self.commands_in.items()]
        formatter.write("\n".join(_help(self, ctx, self.words, self.notes, rows)) + "\n")


# -- laying out --------------------------------------------------------------------------------------------------------


def _help(
    command: click.Command,
    ctx: click.Context,
    words: Words,
    notes: Words | None,
    commands: Sequence[tuple[str, Words]],
) -> Iterator[str]:
    session = ctx.find_object(Session) or current()
    langs = session.help_languages
    width = min(max(shutil.get_terminal_size((80, 24)).columns, 50), WIDEST)
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    heading = _heading(_USAGE, langs)
    yield f"{heading}{usage}" if heading.endswith("：") else f"{heading} {usage}"
    yield ""
    for lang in langs:
        yield from _wrapped(words.say(lang), "  ", width)
    parameters = command.get_params(ctx)
    arguments = [(p.metavar or p.human_readable_name, p.words) for p in parameters if isinstance(p, Argument)]
    yield from _section(_ARGUMENTS, arguments, langs, width)
    options = [
        (_forms(p), p.words if isinstance(p, Option) else _HELP) for p in parameters if isinstance(p, click.Option)
    ]
    yield from _section(_OPTIONS, options, langs, width)
    if commands:
        yield ""
        yield _heading(_COMMANDS, langs)
        yield from _commands(commands, langs)
    if notes is not None:
        for lang in langs:
            yield ""
            yield from notes.say(lang).splitlines()


def _forms(option_: click.Option) -> str:
    """How an option is written: ``--place ID``."""
    written = ", ".join(option_.opts)
    return written if option_.is_flag or option_.count else f"{written} {option_.metavar or _choices(option_)}"


def _choices(option_: click.Option) -> str:
    choices = getattr(option_.type, "choices", ())
    return "|".join(str(choice) for choice in choices) or option_.type.name.upper()


def _heading(words: Words, langs: tuple[str, ...]) -> str:
    return " ".join(words.say(lang) for lang in langs) + ("：" if langs == ("zh",) else ":")


def _section(heading: Words, rows: Iterable[tuple[str, Words]], langs: tuple[str, ...], width: int) -> Iterator[str]:
    entries = list(rows)
    if not entries:
        return
    yield ""
    yield _heading(heading, langs)
    column = min(max(display_width(name) for name, _ in entries) + 4, _COLUMN)
    for name, words in entries:
        lines = [line for lang in langs for line in _wrapped(words.say(lang), " " * column, width)]
        if display_width(name) + 4 > column:
            yield f"  {name}"
        else:
            lines[0] = pad(f"  {name}", column) + lines[0][column:]
        yield from lines


def _commands(rows: Sequence[tuple[str, Words]], langs: tuple[str, ...]) -> Iterator[str]:
    """One line for each command, the languages side by side."""
    first = max(len(name) for name, _ in rows) + 2
    second = max(display_width(words.say(langs[0])) for _, words in rows) + 2
    for name, words in rows:
        yield ("  " + pad(name, first) + "".join(pad(words.say(lang), second) for lang in langs)).rstrip()


def _wrapped(text: str, indent: str, width: int) -> Iterator[str]:
    room = width - len(indent)
    for line in wrap([Span(text)], room, room):
        yield indent + "".join(span.text for span in line)
