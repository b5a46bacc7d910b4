"""Measure minzheng_rules beside the other engines, all in one run on one machine: `make bench`.

The side-by-side benchmark (population, exact oracle, adapters of the other engines) is kept outside this repository, in
the folder ``shared/bench`` beside it. This command copies it to ``benchmarks/.work``, sets up the other engines'
environments there (once), puts our adapter first and prints two Markdown tables: the benchmark's own, and the wall time
from process start to the first answer, which includes importing the engine and loading the rules.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
WORK = HERE / ".work"
OURS = HERE / "adapter_ours.py"

HOW_TO_GET_IT = """\
The side-by-side benchmark is not here: there is no folder {source}.
  It is kept beside this repository, as shared/bench, because it drives other projects' engines.
  -> Put a copy of it there, or name the folder that holds its run.py: make bench BENCH_SOURCE=/path/to/bench"""


def main() -> int:
    options = _options()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules are kept, as where a package is installed
    source = Path(os.environ.get("BENCH_SOURCE") or REPOSITORY.parent / "shared" / "bench")
    if not copied(source):
        print(HOW_TO_GET_IT.format(source=source), file=sys.stderr)
        return 2
    if options.probes:
        return subprocess.run([sys.executable, "probes.py", str(OURS)], cwd=WORK, check=False).returncode
    if not options.only:
        print("Setting up the other engines' environments (the first time takes some minutes) ...", file=sys.stderr)
        subprocess.run(["bash", "setup.sh"], cwd=WORK, check=True)
    adapters = all_adapters()
    (WORK / "adapters.json").write_text(json.dumps(adapters, indent=2, ensure_ascii=False), encoding="utf-8")
    arguments = ["--rounds", str(options.rounds), "--sizes", options.sizes, "--only", options.only]
    finished = subprocess.run([sys.executable, "run.py", *arguments], cwd=WORK, check=False)
    if finished.returncode == 0:
        print_first_answers([entry for entry in adapters if options.only in str(entry["label"])], options.rounds)
    return finished.returncode


def copied(source: Path) -> bool:
    """Whether the work folder holds the benchmark, freshly copied if its source is there."""
    if (source / "run.py").is_file():
        shutil.copytree(source, WORK, dirs_exist_ok=True, copy_function=_copy_writable)
        for folder in (WORK, *WORK.glob("[!.]*/"), *WORK.glob("[!.]*/**/")):
            folder.chmod(0o755)  # the source may be read-only; what we copy must stay removable
    return (WORK / "run.py").is_file()


def all_adapters() -> list[dict[str, object]]:
    """Our adapter first, so that the table's ratios are to us, then the others'."""
    ours: dict[str, object] = {"label": "minzheng_rules", "python": sys.executable, "adapter": str(OURS)}
    listed = json.loads((WORK / "adapters.json").read_text(encoding="utf-8"))
    return [ours, *(entry for entry in listed if entry["label"] != ours["label"])]


def print_first_answers(adapters: list[dict[str, object]], rounds: int) -> None:
    """Time `harness.py ADAPTER once` from outside, round-robin, the best of several."""
    best: dict[str, float] = {}
    for _ in range(max(5, rounds)):
        for entry in adapters:
            seconds = _first_answer(entry)
            if seconds is not None:
                label = str(entry["label"])
                best[label] = min(seconds, best.get(label, seconds))
    base = next(iter(best.values()), 1.0)
    print("\n| engine | process start to first answer, s (ratio) |\n|---|---|")
    for label, seconds in best.items():
        print(f"| {label} | {seconds:.3f} ({seconds / base:.2g}x) |")


def _first_answer(entry: dict[str, object]) -> float | None:
    python = WORK / str(entry["python"])
    if not python.exists():
        return None
    added = entry.get("env", {})
    environment = {**os.environ, **added} if isinstance(added, dict) else dict(os.environ)
    started = time.perf_counter()
    finished = subprocess.run(
        [python, "harness.py", str(entry["adapter"]), "once"],
        cwd=WORK,
        env=environment,
        capture_output=True,
        check=False,
    )
    return time.perf_counter() - started if finished.returncode == 0 else None


def _copy_writable(source: str, target: str) -> str:
    shutil.copyfile(source, target)
    return target


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="1000", help="persons in the population runs, such as 1000,100000")
    parser.add_argument("--only", default="", help="only the engines whose label contains this")
    parser.add_argument("--probes", action="store_true", help="what we say to the benchmark's bad input")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
