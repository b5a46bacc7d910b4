"""Plain immutable records, like frozen dataclasses but made in no time.

The language has some sixty kinds of record; writing methods for each at import, as ``dataclass`` does, took a third of the
time from process start to the first answer. Type checkers treat a :class:`Record` as a frozen dataclass.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True, eq_default=False)
class Record:
    """The base: annotated names are fields, in order; a value in the class body is a field's default.

    >>> class Point(Record):
    ...     x: int
    ...     y: int = 0
    >>> Point(1).y, Point(1, y=2).replaced(x=5)
    (0, Point(x=5, y=2))
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        own = [name for name in cls.__dict__.get("__annotations__", {}) if name not in cls._fields]  # noqa: RUF063  # inspect is slow to import
        cls._fields = (*cls._fields, *own)

    def __init__(self, *values: Any, **named: Any) -> None:
        fields = self._fields
        state = self.__dict__
        if len(values) > len(fields):
            raise TypeError(f"{type(self).__name__} has {len(fields)} fields, {len(values)} are given")
        state.update(zip(fields, values, strict=False))
        for name, value in named.items():
            if name not in fields or name in state:
                raise TypeError(f"{type(self).__name__}: {name} is no field, or given twice")
            state[name] = value
        if len(state) < len(fields):
            for name in fields:
                if name not in state and not hasattr(type(self), name):
                    raise TypeError(f"{type(self).__name__}: {name} is missing")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"

    def replaced(self, **changes: Any) -> Self:
        """The same with some fields changed."""
        return type(self)(**{**{name: getattr(self, name) for name in self._fields}, **changes})


@dataclass_transform(frozen_default=True)
class ValueRecord(Record):
    """A record that equals another of its class with the same fields.

    >>> class Size(ValueRecord):
    ...     width: int
    >>> Size(1) == Size(1), Size(1) == Size(2)
    (True, False)
    """

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is type(self) and self.__dict__ == other.__dict__)

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))
