"""Writes the measured parts of docs/performance.md, between their marks; the words around them are people's.

The figures stand in benches/figures.json, by run and row, so that one row can be measured anew and the rest stays.
"""

import datetime
import json
from pathlib import Path

import measure

ROOT = Path(__file__).resolve().parent.parent
FIGURES, PAGE = ROOT / "benches/figures.json", ROOT / "docs/performance.md"

# key, what, against, at most (or at least)
TARGETS = [
    ("first", "first ingest, 1,003,000 rows, 17,000 accounts", "`sqlite3 .import`", 0.35),
    ("first_duckdb", "the same", "DuckDB `CREATE TABLE AS`", 0.75),
    ("changed", "the changed file (10 % of values) on top", "`sqlite3 .import`", 0.25),
    ("shuffled", "the shuffled file", "`sqlite3 .import`", 0.50),
    ("again", "the same file again, recognised", "`openssl dgst -sha256`", 1.5),
    ("memory", "peak memory, 10 million rows", "absolute", 400),
    ("memory_rejected", "the same, all of them rejected", "absolute", 400),
    ("rows_per_second", "rows/s at 10 million rows", "rows/s at 1 million", 0.85),
    ("create_all", "`snapshot create --all`, 100,000 accounts, first time", "bare CSV parse of the file", 2.5),
    ("create_all_again", "the same, nothing changed since", "the same parse", 1.2),
    ("scheduled_365", "the 365th daily scheduled run of 1,000 accounts", "the 2nd", 1.2),
    ("scheduled_730", "the 730th", "the 365th", 1.2),
    ("latest_one", "`latest --account X --json`, 3.65 million snapshots", "`sqlite3`, one row by key", 1.5),
    ("latest_all", "`latest --all --format jsonl`, 100,000 accounts", "`sqlite3`, `.mode json`, `v_latest`", 0.8),
    ("disk", "disk, 1,000 accounts, 365 daily uploads", "absolute", 170),
    ("disk_scheduled", "daily scheduled snapshots besides", "absolute", 50),
    ("version", "`acctsnap --version`", "`sqlite3 --version`", 1.5),
    ("binary", "the stripped release binary", "absolute", 15),
]
AT_LEAST = {"rows_per_second"}


def ratio(ours, theirs):
    """A row that is a ratio of two medians of one run."""
    return {"value": ours["seconds"] / theirs["seconds"], "ours": ours, "theirs": theirs}


def absolute(value, unit):
    return {"value": value, "unit": unit}


def figures():
    return json.loads(FIGURES.read_text()) if FIGURES.exists() else {}


def keep(run, measured):
    """Takes measured rows into the figures of a run."""
    known = figures()
    of_run = known.setdefault(run, {"machine": {}, "rows": {}})
    load = f"{measure.machine()['load']}"
    of_run["machine"] = {name: told for name, told in measure.machine().items() if name != "load"}
    of_run["date"] = datetime.date.today().isoformat()
    for name, row in measured.items():
        of_run["rows"][name] = row | {"load": load}
    FIGURES.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def seconds(side):
    """`1.23 s (1.20-1.31; 2.10 s of processor)`"""
    unit, factor = ("s", 1) if side["seconds"] >= 0.1 else ("ms", 1000)
    at = lambda name: f"{side[name] * factor:.2f}"
    return f"{at('seconds')} {unit} ({at('from')}-{at('to')}; {at('processor')} {unit} of processor)"


def verdict(key, value, target):
    return "met" if (value >= target if key in AT_LEAST else value <= target) else "missed"


def table(run):
    lines = [
        "| what | against | at most | measured | | acctsnap: median (least-most) | the peer | load |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for key, what, against, target in TARGETS:
        row = run["rows"].get(key)
        bound = f"{target}" if against != "absolute" else f"{target} MB"
        bound = f"at least {bound}" if key in AT_LEAST else bound
        if row is None:
            lines.append(f"| {what} | {against} | {bound} | not measured | | | | |")
            continue
        unit = f" {row['unit']}" if row.get("unit") else ""
        shown = f"{row['value']:.1f}{unit}" if unit else f"{row['value']:.2f}"
        sides = [seconds(row[side]) if side in row else "" for side in ("ours", "theirs")]
        told = [what, against, bound, f"**{shown}**", verdict(key, row["value"], target), *sides, row["load"]]
        lines.append(f"| {' | '.join(told)} |")
    return lines


def curve(run):
    points = run["rows"].get("curve", {}).get("points", [])
    lines = [
        "| rows | accounts | ingest | rows/s | peak memory | database | `snapshot create --all` | `latest --all` |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for point in points:
        rows, ingest = point["accounts"] * 59, point["ingest"]
        lines.append(
            f"| {rows:,} | {point['accounts']:,} | {ingest['wall']:.3f} s | {rows / ingest['wall']:,.0f} "
            f"| {ingest['memory']:.0f} MB | {point['size']:.1f} MB | {point['create']['wall']:.3f} s, "
            f"{point['create']['memory']:.0f} MB | {point['latest']['wall']:.3f} s, {point['latest']['memory']:.0f} MB |"
        )
    return lines if points else ["Not measured."]


def machine(run):
    told = run["machine"]
    versions = f"sqlite3 {told['sqlite3']}, DuckDB {told['duckdb']}, {told['openssl']}"
    return f"{run['date']}: {told['processor']}, {told['memory']}, {told['system']}; {versions}."


def section(text, name, lines):
    """The text with what stands between the marks of this name replaced."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = text.split(begin)
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{rest.split(end)[1]}"


def write():
    """Writes what was measured into the page."""
    text, known = PAGE.read_text(), figures()
    tables, curves = [], []
    for number, run in sorted(known.items()):
        tables += ["", f"**Run {number}.** {machine(run)}", "", *table(run)]
        curves += ["", f"**Run {number}.**", "", *curve(run)]
    text = section(text, "table", [*tables, ""])
    PAGE.write_text(section(text, "curve", [*curves, ""]))
