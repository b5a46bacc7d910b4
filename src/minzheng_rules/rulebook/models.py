"""The case models a rulebook's manifest names: how a rulebook of one's own brings its vocabulary along.

A manifest says ``vocabulary: models.py:Household`` (a file beside its ``rules/`` folder) or ``vocabulary:
some_package.models:Household`` (a module that can be imported). Either is Python, and loading the rulebook runs it: load
only rulebooks you would also run as a program.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from minzheng_rules.language.reading import Text
from minzheng_rules.problems import Problem, Words, nearest

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity


def root_model(named: Text, folder: Path, problems: list[Problem]) -> type[Entity] | None:
    """The root model a manifest names; ``None``, with a problem noted, if there is none of that name."""
    from minzheng_rules.case.entity import Entity

    where, separator, name = named.value.rpartition(":")
    if not separator or not where or not name:
        problems.append(
            Problem(
                "manifest.vocabulary",
                Words(f"“{named.value}”没有写明模型类", f"`{named.value}` does not name a model"),
                named.place(),
                _EXAMPLE,
            )
        )
        return None
    module = _module(where, named, folder, problems)
    if module is None:
        return None
    found = getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, Entity):
        return found
    models = [key for key, value in vars(module).items() if isinstance(value, type) and issubclass(value, Entity)]
    near = nearest(name, models)
    problems.append(
        Problem(
            "manifest.vocabulary",
            Words(f"{where} 里没有叫“{name}”的案件模型", f"{where} has no case model called `{name}`"),
            named.place(len(where) + 1),
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else _EXAMPLE,
        )
    )
    return None


def _module(where: str, named: Text, folder: Path, problems: list[Problem]) -> ModuleType | None:
    try:
        return _file(folder / where) if where.endswith(".py") else importlib.import_module(where)
    except (FileNotFoundError, ModuleNotFoundError):
        problems.append(
            Problem(
                "manifest.vocabulary",
                Words(f"没有 {where} 这个文件或模块", f"there is no file or module {where}"),
                named.place(),
                Words(
                    "文件的路径从规则手册的文件夹（rules 的上一级）算起",
                    "the path of a file starts at the rulebook's folder, the one that holds rules/",
                ),
            )
        )
        return None
    except Exception as error:  # whatever the caller's own module raises is told as a problem of the manifest
        problems.append(
            Problem(
                "manifest.vocabulary",
                Words(
                    f"载入 {where} 时出错：{type(error).__name__}: {error}",
                    f"{where} cannot be loaded: {type(error).__name__}: {error}",
                ),
                named.place(),
                Words("请先用 Python 单独运行它，改好再载入", "run it with Python by itself and mend it first"),
            )
        )
        return None


def _file(path: Path) -> ModuleType:
    """The module in a file, run once for each content of it."""
    content = path.read_bytes()
    name = "minzheng_vocabulary_" + hashlib.sha256(str(path.resolve()).encode() + content).hexdigest()[:16]
    known = sys.modules.get(name)
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where pydantic looks up the names in annotations
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


_EXAMPLE = Words("写作 vocabulary: models.py:Household", "write it as `vocabulary: models.py:Household`")
