"""The process in which the C engine runs: if it crashes, this process is all that is lost.

Run as ``python -m minzheng_rules.monitor.worker``. It reads frames from standard input and writes one to standard output for
each: first a plan, answered with ``["ready"]`` or ``["refused", reason]``; then batches, each a list of households' facts,
answered with ``["matched", firings of each household]`` or ``["failed", reason]``. What it gets is whole numbers and made-up
names; it never sees who anybody is.
"""

from __future__ import annotations

import marshal
import os
import struct
from typing import Any, BinaryIO, Final

HEADER: Final = struct.Struct("<Q")


def write_frame(stream: BinaryIO, message: Any) -> None:
    """Send one message."""
    content = marshal.dumps(message)
    stream.write(HEADER.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> Any:
    """The next message. Raises :class:`EOFError` when there is none."""
    content = _exactly(stream, HEADER.unpack(_exactly(stream, HEADER.size))[0])
    return marshal.loads(content)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise EOFError
    return found


def plan_to_plain(plan: Any) -> Any:
    """A plan as plain tuples, which is all a frame can hold."""
    return tuple(plan_to_plain(item) for item in plan) if isinstance(plan, tuple) else plan


def plan_from_plain(plain: Any) -> Any:
    """The plan that :func:`plan_to_plain` was given."""
    from minzheng_rules.monitor.plan import FieldTest, Gives, Join, Pattern, PlannedMonitor

    def pattern(parts: Any) -> Pattern:
        type_, tests, joins = parts
        return Pattern(type_, tuple(FieldTest(*test) for test in tests), tuple(Join(*join) for join in joins))

    return tuple(
        PlannedMonitor(
            tuple(pattern(p) for p in patterns),
            None if absent is None else pattern(absent),
            each,
            type_,
            tuple(Gives(*given) for given in gives),
        )
        for patterns, absent, each, type_, gives in plain
    )


def _serve(source: BinaryIO, sink: BinaryIO) -> None:
    from minzheng_rules.monitor.rete import Rete

    try:
        engine = Rete(plan_from_plain(read_frame(source)))
    except EOFError:
        return
    except Exception as error:
        write_frame(sink, ["refused", _reason(error)])
        return
    write_frame(sink, ["ready"])
    while True:
        try:
            batch = read_frame(source)
        except EOFError:
            return
        try:
            answer = ["matched", [engine.match(facts) for facts in batch]]
        except Exception as error:
            # The engine's state is no longer known: answer, and end.
            write_frame(sink, ["failed", _reason(error)])
            return
        write_frame(sink, answer)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def main() -> None:
    """Serve until the other side closes."""
    # Whatever the C code may print must not end up between the frames.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with sink, os.fdopen(os.dup(0), "rb") as source:
        _serve(source, sink)


if __name__ == "__main__":
    main()
