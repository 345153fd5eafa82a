"""Run the benchmarks: `python -m benchmarks` up to 100,000 carriers, `--full` up to 1,000,000 with 10 entries each."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from app.domain.numbering import payload
from app.store import database as files
from app.store import reads
from benchmarks import builder, measures
from benchmarks.importing import import_rate
from benchmarks.measures import Row, times_of
from benchmarks.window import window_figures

RESULTS = Path(__file__).parent / "results.md"
SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
WORDS = ("会议", "条例", "计划纪要", "干部档案", "院发〔2024〕199")
WHO = {"level": "mimi", "states": ("loan",), "kind": "optical", "custodian": 1, "hands": 17, "place": 4,
       "due_before": date(2026, 6, 1), "document": 77, "remark_due": True}  # fmt: skip


def main() -> None:
    """Build, measure, write results.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="up to 1,000,000 carriers")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--keep", type=Path, help="a folder that keeps built registers for the next run")
    asked = parser.parse_args()
    sizes = (SMALL, LARGE) if asked.full else (SMALL, MIDDLE)
    rows = []
    asked.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="custos-bench-", dir=asked.scratch) as scratch:
        for row in _measure(Path(scratch), sizes, asked.keep):
            sys.stdout.write(
                f"{row.what}: {row.value} (target {row.target}){'' if row.met in (True, None) else '  MISSED'}\n"
            )
            sys.stdout.flush()
            rows.append(row)
    _write(rows, sizes)


def _measure(scratch: Path, sizes: tuple[int, int], keep: Path | None = None) -> Iterator[Row]:
    folders = {size: keep / f"{size}.custos" if keep else builder.fresh(scratch, f"b{size}") for size in sizes}
    for size, folder in folders.items():
        yield _built(folder, size)
    yield from _acting(folders, scratch)
    yield from _reading(folders[sizes[-1]], sizes[-1])
    yield from _proving(folders[sizes[-1]])
    if keep is None:
        for folder in folders.values():
            shutil.rmtree(folder)
    rate, count = import_rate(scratch)
    yield Row(f"import of {count:,} rows", f"{rate:,.0f} rows/s", "≥ 2,500 rows/s", rate >= 2_500)
    yield from window_figures()


def _acting(folders: Mapping[int, Path], scratch: Path) -> Iterator[Row]:
    small, large = min(folders), max(folders)
    for act, times in measures.acts(folders, scratch):
        for size, (door, floor) in times.items():
            yield Row(
                f"one {act}, {size:,} carriers", f"{door:.2f} ms = {door / floor:.1f} × raw ({floor:.2f} ms)",
                "≤ 6 × raw", door <= 6 * floor,
            )  # fmt: skip
        grows = times[large][0] / times[small][0]
        yield Row(f"one {act}, {large:,} against {small:,}", f"{grows:.2f} ×", "≤ 1.3 ×", grows <= 1.3)


def _built(folder: Path, size: int) -> Row:
    took = "kept from an earlier run"
    if not folder.exists():
        began = time.perf_counter()
        builder.build(folder, size).close()
        took = f"{time.perf_counter() - began:.0f} s"
    megabytes = (folder / files.DATABASE_FILE).stat().st_size / 1e6
    return Row(f"{size:,} carriers × 10 entries built", f"{took}, {megabytes:,.0f} MB", "–", None)


def _reading(folder: Path, size: int) -> Iterator[Row]:
    with files.open_database(folder, measures.key_of(folder)) as database:
        with database.reading() as connection:
            viewer = reads.viewer_of(connection, 1, measures.NOON.date())
        codes = iter([payload("C", 107, number) for number in range(3, size, size // 40)])

        def scanned() -> None:
            with database.reading() as connection:
                found = reads.scan(connection, next(codes), viewer=viewer)
                reads.carrier_card(connection, found.ref.id, viewer=viewer)  # type: ignore[union-attr]

        took = times_of(scanned, 30)
        yield Row(f"scanned code to card, {size:,}", f"{took:.2f} ms", "≤ 2 ms", took <= 2)
        worst = 0.0
        for narrows, sort in reads.FAST_PAIRS:
            filters = replace(reads.EVERYTHING, **{name: WHO[name] for name in narrows})  # type: ignore[arg-type]
            with database.reading() as connection:
                took = times_of(
                    lambda filters=filters, sort=sort, c=connection: reads.carrier_page(c, filters, sort, viewer=viewer)  # type: ignore[misc]
                )
            worst = max(worst, took)
            name = " + ".join(sorted(narrows)) or "everything"
            yield Row(f"first page: {name}, by {sort}", f"{took:.1f} ms", "≤ 30 ms", took <= 30)
        for word, took in measures.searches(database, WORDS).items():
            yield Row(f"search {word}, {size // builder.COPIES:,} documents", f"{took:.1f} ms", "≤ 50 ms", took <= 50)


def _proving(folder: Path) -> Iterator[Row]:
    with files.open_database(folder, measures.key_of(folder)) as database:
        took = measures.proofs(database)
    each = f"{took['entries']:,.0f} entries"
    chain, full = took["chain"] / took["bare"], took["full"] / took["bare"]
    yield Row(f"chain of {each}", f"{chain:.2f} × bare loop ({took['bare']:.1f} s)", "≤ 1.5 ×", chain <= 1.5)
    yield Row(f"full proof of {each}", f"{full:.2f} × bare loop, {took['full']:.1f} s", "≤ 4 ×", full <= 4)
    yield Row(
        "memory of the proof", f"{measures.peak_mb():,.0f} MB for this whole process", "bounded by subjects", None
    )


def _write(rows: list[Row], sizes: tuple[int, int]) -> None:
    mode = "bench-full" if sizes[1] == LARGE else "bench"
    when, where = datetime.now().astimezone().date(), f"{platform.machine()}, Python {platform.python_version()}"
    said = (
        f"`make {mode}` on {when}: {where}, 2 cores, shared machine. The floor is raw sqlcipher3 writing the same rows"
        " in the same run, WAL, synchronous=FULL."
    )
    lines = [
        "# Measured",
        "",
        said,
        "",
        "| what | measured | target | met |",
        "|---|---|---|---|",
    ]
    lines += [f"| {row.what} | {row.value} | {row.target} | {_met(row)} |" for row in rows]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _met(row: Row) -> str:
    return "" if row.met is None else "yes" if row.met else "**no**"


if __name__ == "__main__":
    main()
