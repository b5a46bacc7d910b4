"""Reading a rulebook's folder: manifest, sources, rules and parameters of the layers that apply, overlays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from minzheng_rules.language.reading import Listing, Mapping, Reader, Shelf, Text, known_keys, raise_problems
from minzheng_rules.language.rules import AddedFact, Decides, ProgramFile, RuleReader
from minzheng_rules.language.types import Enumeration
from minzheng_rules.problems import Place, Problem, RequestProblems, RulebookProblems, Words, nearest
from minzheng_rules.rulebook.manifest import LAYER_KEYS, MANIFEST_KEYS
from minzheng_rules.rulebook.parameters import ParameterReader, read_enums
from minzheng_rules.rulebook.resolution import Names, Resolution
from minzheng_rules.rulebook.rulebook import NotEncoded, Program, Rulebook
from minzheng_rules.rulebook.ruleset import Layer, closed_lists
from minzheng_rules.rulebook.sources import Sources, read_sources

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity

MANIFEST = "rulebook.yaml"
SHARED = "shared"
MONITORS = "monitors"
"""The folder of a layer whose files are no programs but monitors."""
_LAYER_EXAMPLE = Words(
    "写作 layers: [{id: zhejiang, level: province, within: national, term: 浙江省}]",
    "write it as layers: [{id: zhejiang, level: province, within: national, term: 浙江省}]",
)
Overlay = str | Path | AnyMapping[str, object]


def shipped_folder() -> Path:
    """Where the rulebook that ships with the library lies: inside the package, or in the working tree."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "shipped"
    return inside if (inside / "rules").is_dir() else package.parent.parent


def load(
    path: str | Path | None,
    *,
    place: str | None,
    overlays: Sequence[Overlay],
    vocabulary: Sequence[type[Entity]] | None,
    accept: Iterable[str],
    kind: str | None = None,
) -> Rulebook:
    """See :meth:`Rulebook.load`."""
    loading = _Loading(Path(path) if path is not None else shipped_folder(), vocabulary, kind)
    rulebook = loading.load(place, overlays, frozenset(accept))
    raise_problems(loading.problems)
    return rulebook


def read_through(
    path: str | Path | None,
    *,
    place: str | None = None,
    overlays: Sequence[Overlay] = (),
    vocabulary: Sequence[type[Entity]] | None = None,
    kind: str | None = None,
    shelf: Shelf | None = None,
) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """A rulebook as far as it can be read, for the checks, and everything wrong in its files.

    Where something is wrong, what could not be read is missing from the rulebook: never decide by it. ``None`` where not even
    the manifest can be read. ``shelf`` keeps the files of a folder that is read several times, for one place after another.
    """
    loading = _Loading(Path(path) if path is not None else shipped_folder(), vocabulary, kind, shelf)
    try:
        rulebook = loading.load(place, overlays, frozenset())
    except RulebookProblems as found:
        return None, found.problems
    return rulebook, tuple(loading.problems)


def files_for(folder: Path, kind: str | None, kinds: Sequence[str]) -> Iterator[Path]:
    """The files of a layer's or an overlay's folder for one kind of case, of those the rulebook decides.

    The first kind's lie in the folder itself, each other kind's in a folder of its name, as rules/national/worker/; what
    lies in a folder shared/ is for all kinds. rules/<layer>/monitors/ is read by minzheng_rules.monitor.
    """
    mine = kind if kinds and kind != kinds[0] else None
    others = {MONITORS, *kinds[1:]} - {mine}
    for path in sorted(folder.rglob("*.yaml")):
        inside = set(path.relative_to(folder).parts[:-1])
        if not inside & others and (mine is None or inside & {mine, SHARED}):
            yield path


class _Loading:
    def __init__(
        self,
        folder: Path,
        vocabulary: Sequence[type[Entity]] | None,
        kind: str | None,
        shelf: Shelf | None = None,
    ) -> None:
        self.folder = folder
        self.given = vocabulary
        self.kind = kind
        self.kinds: tuple[str, ...] = ()
        self.reader = Reader(shelf=shelf)
        self.problems = self.reader.problems
        self.rules = RuleReader(self.problems)

    def load(self, place: str | None, overlays: Sequence[Overlay], accept: frozenset[str]) -> Rulebook:
        from minzheng_rules.case.vocabulary import describe

        manifest = self._read(self.folder / "rules" / MANIFEST)
        if manifest is None:
            raise_problems(self.problems)
            raise AssertionError  # an unreadable manifest is always a problem
        known_keys(manifest, MANIFEST_KEYS, Words("规则手册的清单", "a manifest"), self.problems)
        self.models = self._models(manifest)
        self.vocabulary = describe(self.models[0])
        self.names = Names(self.vocabulary)
        layers = self._chain(manifest, place)
        chosen = layers[-1].id
        sources = self._sources()
        files = self._programs(layers)
        parameter_files = [(tree, layer.id, False) for layer in layers for tree in self._trees("policies", layer.id)]
        overlay_layers, filled = self._overlays(overlays, parameter_files, files)
        layers = (*layers, *overlay_layers)
        declared = [e for file in files for e in read_enums(file.enums, self.problems)]
        declared += [e for tree, _, _ in parameter_files for e in read_enums(tree.get("enums"), self.problems)]
        for enumeration in declared:
            self.names.add_enumeration(enumeration)
        self._extend(files, declared)
        overlaid = any(overlay for _, _, overlay in parameter_files)
        elsewhere = self._declared_elsewhere(manifest, layers) if overlaid else frozenset()
        parameters = ParameterReader(self.problems, self.names.enumerations, elsewhere)
        for tree, layer_id, overlay in parameter_files:
            parameters.read(tree, layer_id, overlay)
        for values, layer_id in filled:
            parameters.fill(values, layer_id)
        self.names.parameters, self.names.parameters_by_term = parameters.parameters, parameters.by_term
        for file in files:
            for declaration in file.declarations:
                self.names.declare(declaration, self.problems)
                self._check_cites(sources, declaration)
        resolution = Resolution(self.names, self.problems)
        definitions = resolution.resolve()
        subjects = {file.program: file.subject for file in reversed(files) if file.subject}

        def whom(file: ProgramFile) -> str:
            """Whom a file is about that leaves it to another file of its program."""
            return file.subject or subjects.get(file.program, self.vocabulary.root)

        stacks = resolution.stacks([t.replaced(kind=t.kind or whom(file)) for file in files for t in file.stacking])
        expected = resolution.expected(
            [e.replaced(kind=e.kind or whom(file)) for file in files for e in file.expectations]
        )
        by_id = {layer.id: layer for layer in layers}
        self.problems.extend(closed_lists(definitions, by_id))
        programs = self._decides(files)
        return Rulebook(
            name=self._title(manifest),
            place=chosen,
            layers=layers,
            overlays=tuple(layer.id.removeprefix("overlay:") for layer in overlay_layers),
            decides_through=self._through(manifest),
            vocabulary=self.vocabulary,
            names=self.names,
            definitions=definitions,
            sources=sources,
            programs=programs,
            accept=accept,
            models=self.models,
            kinds=self.kinds,
            stacks=stacks,
            expected=expected,
            not_encoded=self._not_encoded(files),
            warnings=tuple(self.problems),
        )

    def _extend(self, files: Sequence[ProgramFile], declared: Sequence[Enumeration]) -> None:
        """Take up the facts that programs add to the vocabulary."""
        added: dict[str, list[AddedFact]] = {}
        for file in files:
            if file.tree is not None and "facts" in file.tree:
                for kind, facts in self.rules.facts(file.tree, self.names.kind_ids, self.names.enumerations).items():
                    added.setdefault(kind, []).extend(fact for fact in facts if not self._taken(kind, fact, added))
        if not added:
            return
        from minzheng_rules.case.vocabulary import describe
        from minzheng_rules.rulebook.extending import extended

        self.vocabulary = describe(extended(self.models[0], added))
        self.names = Names(self.vocabulary)
        for enumeration in declared:
            self.names.add_enumeration(enumeration)

    def _taken(self, kind: str, fact: AddedFact, added: AnyMapping[str, Sequence[AddedFact]]) -> bool:
        """Whether a fact of that name is there already; then that is a problem."""
        others = {name for other in added.get(kind, ()) for name in (other.id, other.term)}
        for name in (fact.id, fact.term):
            if self.names.fact(kind, name) is not None or name in others:
                self.problems.append(
                    Problem(
                        "facts.same-name",
                        Words(f"“{name}”已是一项事实的名称", f"`{name}` is already the name of a fact"),
                        fact.place or Place(),
                        Words(
                            "请删去这一项，直接使用已有的事实；或另起名称",
                            "use the fact there is and remove this one, or give it another name",
                        ),
                    )
                )
                return True
        return False

    def _models(self, manifest: Mapping) -> tuple[type[Entity], ...]:
        """The root models of the cases: those the caller gives, else the manifest's, else the shipped household."""
        from minzheng_rules.case.household import Household

        if self.given is not None:
            return tuple(self.given)
        listed = manifest.get("vocabulary")
        if listed is None:
            return (Household,)
        named: Text | None
        if isinstance(listed, Mapping):
            self.kinds = tuple(listed.entries)
            named = self.rules.text(listed, self._chosen_kind())
        else:
            named = self.rules.text(manifest, "vocabulary")
        if named is None:
            raise_problems(self.problems)
        assert named is not None
        from minzheng_rules.rulebook.models import root_model

        found = root_model(named, self.folder, self.problems)
        if found is None:
            raise_problems(self.problems)
        assert found is not None
        return (found,)

    def _chosen_kind(self) -> str:
        """The kind of case asked for: the manifest's first, unless another is named."""
        if self.kind is None:
            return self.kinds[0]
        if self.kind in self.kinds:
            return self.kind
        near = nearest(self.kind, self.kinds)
        raise RequestProblems(
            [
                Problem(
                    "request.case-kind",
                    Words(
                        f"规则手册里没有“{self.kind}”这种个案", f"the rulebook knows no cases of the kind `{self.kind}`"
                    ),
                    Place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words("可选：" + "、".join(self.kinds), "possible: " + ", ".join(self.kinds)),
                )
            ]
        )

    # -- files ---------------------------------------------------------------------------------------------------

    def _read(self, path: Path) -> Mapping | None:
        try:
            shown = str(path.relative_to(self.folder))
        except ValueError:
            shown = path.name
        return self.reader.read(path, shown)

    def _trees(self, part: str, layer: str) -> list[Mapping]:
        folder = self.folder / part / layer
        found = [self._read(path) for path in self._paths(folder)] if folder.is_dir() else []
        return [tree for tree in found if tree is not None]

    def _declared_elsewhere(self, manifest: Mapping, layers: Sequence[Layer]) -> frozenset[str]:
        """The parameters of the layers that do not apply, by id; what is wrong in their files is said where they do."""
        known = {layer.id for layer in layers}
        listed = manifest.get("layers")
        named = (
            self.rules.text(e, "id")
            for e in (listed.items if isinstance(listed, Listing) else ())
            if isinstance(e, Mapping)
        )
        others = [text.value for text in named if text is not None and text.value not in known]
        before = len(self.problems)
        found = frozenset(id for other in others for tree in self._trees("policies", other) for id in tree)
        del self.problems[before:]
        return found

    def _paths(self, folder: Path) -> Iterator[Path]:
        return files_for(folder, self.models[0].kind, self.kinds)

    def _title(self, manifest: Mapping) -> Words:
        name = manifest.get("name")
        if isinstance(name, Mapping):
            zh, en = self.rules.text(name, "zh"), self.rules.text(name, "en")
            return Words(zh.value if zh else "", en.value if en else "")
        return Words(name.value, name.value) if isinstance(name, Text) else Words("", "")

    def _through(self, manifest: Mapping) -> date | None:
        text = self.rules.text(manifest, "decides_through")
        return self.rules.date(text) if text is not None else None

    def _chain(self, manifest: Mapping, place: str | None) -> tuple[Layer, ...]:
        """The layers from the State down to the place."""
        listed = manifest.get("layers")
        layers: dict[str, tuple[Layer, str]] = {}
        for entry in listed.items if isinstance(listed, Listing) else ():
            if not isinstance(entry, Mapping) or "id" not in entry or "level" not in entry:
                self.problems.append(
                    Problem(
                        "manifest.layer",
                        Words("每一层应有 id 和 level", "each layer has an `id` and a `level`"),
                        entry.place(),
                        _LAYER_EXAMPLE,
                    )
                )
                continue
            known_keys(entry, LAYER_KEYS, Words("一层", "a layer"), self.problems)
            id, level, within, term = (self.rules.text(entry, key) for key in ("id", "level", "within", "term"))
            if level is not None:
                self.rules.levels(level)
            if id is not None and level is not None:
                words = Words(term.value if term else id.value, id.value.replace("_", " ").title())
                layers[id.value] = (Layer(id.value, level.value, words), within.value if within else "")
                layers.setdefault(words.zh, layers[id.value])
        if not layers:
            self.problems.append(
                Problem(
                    "manifest.layers",
                    Words("清单没有写明 layers：规则分几层", "the manifest does not say which `layers` the rules have"),
                    manifest.place(),
                    _LAYER_EXAMPLE,
                )
            )
            raise_problems(self.problems)
        wanted = place or list(layers.values())[-1][0].id
        if wanted not in layers:
            ids = [layer.id for name, (layer, _) in layers.items() if name == layer.id]
            near = nearest(wanted, layers)
            raise RequestProblems(
                [
                    Problem(
                        "request.place",
                        Words(f"规则手册里没有“{wanted}”这个地方", f"the rulebook has no place `{wanted}`"),
                        Place(),
                        Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                        if near
                        else Words("可选：" + "、".join(ids), "possible: " + ", ".join(ids)),
                    )
                ]
            )
        chain: list[Layer] = []
        at = wanted
        while at in layers and layers[at][0] not in chain:
            chain.append(layers[at][0])
            at = layers[at][1]
        return tuple(reversed(chain))

    def _sources(self) -> Sources:
        tree = self._read(self.folder / "rules" / "sources.yaml")
        return Sources(read_sources(tree, self.problems) if tree is not None else ())

    def _programs(self, layers: Sequence[Layer]) -> list[ProgramFile]:
        files = []
        for layer in layers:
            for tree in self._trees("rules", layer.id):
                file = self.rules.read(tree, self.vocabulary.kinds, self.names.kind_ids)
                if file is None:
                    continue
                if file.layer != layer.id:
                    said = tree.entries["layer"]
                    self.problems.append(
                        Problem(
                            "rule-file.layer",
                            Words(
                                f"文件放在 rules/{layer.id} 下，layer 却写着“{file.layer}”",
                                f"the file lies under rules/{layer.id}, but its layer says `{file.layer}`",
                            ),
                            said.place(),
                            Words(
                                f"请写 layer: {layer.id}，或把文件移到 rules/{file.layer}",
                                f"write `layer: {layer.id}`, or move the file to rules/{file.layer}",
                            ),
                        )
                    )
                    continue
                files.append(file)
        return files

    def _overlays(
        self,
        overlays: Sequence[Overlay],
        parameter_files: list[tuple[Mapping, str, bool]],
        files: list[ProgramFile],
    ) -> tuple[tuple[Layer, ...], list[tuple[AnyMapping[str, object], str]]]:
        """Overlays fill what is unknown; each becomes a layer of its own below all others."""
        layers: list[Layer] = []
        filled: list[tuple[AnyMapping[str, object], str]] = []
        for number, overlay in enumerate(overlays, 1):
            if isinstance(overlay, AnyMapping):
                id = f"overlay:inline-{number}"
                layers.append(Layer(id, "overlay", Words("调用者给出的示例值", "values given by the caller"), True))
                filled.append((overlay, id))
                continue
            for tree in self._overlay_trees(overlay):
                named, english = self.rules.text(tree, "overlay"), self.rules.text(tree, "overlay_en")
                id = f"overlay:{overlay if isinstance(overlay, str) else overlay.stem}"
                words = Words(named.value if named else str(overlay), english.value if english else str(overlay))
                if all(layer.id != id for layer in layers):
                    layers.append(Layer(id, "overlay", words, True))
                if "program" in tree:
                    file = self.rules.read(tree, self.vocabulary.kinds, self.names.kind_ids)
                    if file is not None:
                        file.declarations = [d.replaced(layer=id) for d in file.declarations]
                        files.append(file)
                else:
                    parameter_files.append((tree, id, True))
        return tuple(layers), filled

    def _overlay_trees(self, overlay: str | Path) -> list[Mapping]:
        base = self.folder / "policies" / "overlays"
        candidates = (
            [Path(overlay)]
            if Path(overlay).suffix in (".yaml", ".yml")
            else [base / f"{overlay}.yaml", base / str(overlay)]
        )
        there = [candidate for candidate in candidates if candidate.exists()]
        paths: list[Path] = []
        for candidate in there:
            paths.extend(self._paths(candidate) if candidate.is_dir() else [candidate])
        if not there:
            known = sorted({p.stem for p in base.iterdir()}) if base.is_dir() else []
            near = nearest(str(overlay), known)
            raise RequestProblems(
                [
                    Problem(
                        "request.overlay",
                        Words(f"没有“{overlay}”这份补充值", f"there is no overlay `{overlay}`"),
                        Place(),
                        Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                        if near
                        else Words("可选：" + "、".join(known), "possible: " + ", ".join(known)),
                    )
                ]
            )
        return [tree for path in paths if (tree := self._read(path)) is not None]

    # -- programs ------------------------------------------------------------------------------------------------

    def _check_cites(self, sources: Sources, declaration: object) -> None:
        from minzheng_rules.language.rules import Declaration

        assert isinstance(declaration, Declaration)
        sources.check(declaration.cites, self.problems)
        for item in (*declaration.items, *declaration.unless):
            sources.check(item.cites, self.problems)

    def _not_encoded(self, files: Sequence[ProgramFile]) -> tuple[NotEncoded, ...]:
        """The provisions left out on purpose; the rule or figure each may affect has to be there."""
        declared = [versions[0] for versions in self.names.declarations.values()]
        known = {name for one in declared for name in (one.id, one.term)}
        known |= {*self.names.parameters, *self.names.parameters_by_term}
        found = []
        for file in files:
            for cites, why, of in file.not_encoded:
                found.append(NotEncoded(file.program, cites, why, of.value if of is not None else ""))
                if of is not None and of.value not in known:
                    near = nearest(of.value, known)
                    self.problems.append(
                        Problem(
                            "not-encoded.of",
                            Words(
                                f"没有“{of.value}”这条规则或参数，说不上影响它",
                                f"there is no rule or figure `{of.value}` that the provision could affect",
                            ),
                            of.place(),
                            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                            if near is not None
                            else Words(
                                "请写受影响的规则或参数的名称，或者不写 of",
                                "name the rule or figure affected, or leave `of` out",
                            ),
                        )
                    )
        return tuple(found)

    def _decides(self, files: Sequence[ProgramFile]) -> tuple[Program, ...]:
        programs = [(self._program(file, decides), file, decides) for file in files for decides in file.decides]
        taken = {name: program for program, _, _ in programs for name in (program.id, program.term.zh)}
        found = []
        for program, file, decides in programs:
            wide = [text for other in files if other.program == file.program for text in other.also]
            names = [(text, f"{text.value}·{self._answer(decides)}" if decides.name else text.value) for text in wide]
            names += [(text, text.value) for text in decides.also]
            for text, name in names:
                other = taken.setdefault(name, program)
                if other.id != program.id:
                    self.problems.append(_taken_name(text, name, other))
            found.append(program.replaced(also=tuple(name for _, name in names)))
        return tuple(found)

    def _answer(self, decides: Decides) -> str:
        """What one of several answers of a program is called."""
        return decides.term or (decides.amounts[0][1].value if decides.name and decides.amounts else decides.name)

    def _program(self, file: ProgramFile, decides: Decides) -> Program:
        kind = decides.subject or self.vocabulary.root

        def keys(named: Sequence[tuple[str, Text]]) -> tuple[tuple[str, str], ...]:
            return tuple((name, key) for name, text in named if (key := self._key(kind, text)) is not None)

        amounts = keys(decides.amounts)
        term = self._answer(decides)
        name = f"{file.program}.{decides.name}" if decides.name else file.program
        called = (file.term or file.program) + (f"·{term}" if decides.name else "")
        return Program(
            id=name,
            term=Words(called, _english(file, decides)),
            subject=kind,
            eligible=self._key(kind, decides.eligible),
            applies=self._key(kind, decides.applies),
            amounts=amounts,
            results=keys(decides.results),
            other_amounts=tuple(
                (name, key, amount_kind)
                for amount_kind, name, text in decides.other_amounts
                if (key := self._key(kind, text)) is not None
            ),
            payable_from=self._key(kind, decides.payable_from),
        )

    def _key(self, kind: str, text: Text | None) -> str | None:
        """The key of a rule named in ``decides``."""
        if text is None:
            return None
        try:
            found = self.names.rule(kind, text.value)
        except Exception:  # a rule that does not resolve is reported where it stands
            return None
        if found is not None:
            return found[0]
        self.problems.append(self.names.no_rule(kind, text))
        return None


def _english(file: ProgramFile, decides: Decides) -> str:
    """What an answer is called in English."""
    program = file.english or file.program.replace("_", " ")
    return f"{program}: {decides.english or decides.name.replace('_', ' ')}" if decides.name else program


def _taken_name(text: Text, name: str, other: Program) -> Problem:
    """That two programs cannot go by one name."""
    return Problem(
        "rule-file.also",
        Words(f"“{name}”已是 {other.id}（{other.term.zh}）的名称", f"`{name}` is already a name of `{other.id}`"),
        text.place(),
        Words("请删去它，或换一个不会混淆的名称", "remove it, or choose a name that cannot be confused with it"),
    )
