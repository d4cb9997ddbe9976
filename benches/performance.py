#!/usr/bin/env python3
"""The speed of whole processes beside their peers: one command makes the data, measures, and writes docs/performance.md.

    benches/performance.py [--scale 0.1] [--only first,changed] [--run 1|2] [--runs 5] [--folder DIR]

--scale multiplies the accounts and days of every row: 1 is the full table (most of an hour), 0.1 takes a few minutes and
writes no page. --only measures these rows and keeps the others of the page. --run says which of the page's two columns is
filled. --generator FILE makes the KPI files with another program (ACCOUNTS OUT [--seed N --changed SHARE] [--shuffle]).
The programs are built before: cargo build --release --bin acctsnap --example bare_parse.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import kpi_files
import measure
import page
from measure import alternating, copied, fresh, run

ROOT = Path(__file__).resolve().parent.parent
START = "2024-01-01T06:00:00Z"


class Bench:
    """The programs, the folder of the data, and how large everything is."""

    def __init__(self, arguments):
        self.acctsnap = Path(arguments.acctsnap).resolve()
        self.bare_parse = self.acctsnap.parent / "examples/bare_parse"
        self.folder, self.scale, self.runs = Path(arguments.folder), arguments.scale, arguments.runs
        self.generator = arguments.generator

    def scaled(self, count):
        return max(1, round(count * self.scale))

    def path(self, name):
        return self.folder / name

    def ours(self, database, *words):
        return [self.acctsnap, "--db", database, "-q", *words]

    def file(self, name, accounts, **how):
        """A KPI file, made once."""
        path = self.path(f"{name}-{accounts}.csv")
        if not path.exists():
            print(f"making {path.name} ...", file=sys.stderr)
            kpi_files.base(path, accounts, generator=self.generator, **how)
        return path

    def database(self, file, *flags):
        """A closed database that holds a file, made once."""
        path = self.path(f"{file.stem}{''.join(flags)}.db")
        if not path.exists():
            run(self.ours(path, "ingest", "kpis", file, *flags))
        return path

    def ingest(self, file, onto=None):
        """Our contender: a file into a fresh database, or onto a copy of one."""
        database = self.path("ours.db")
        prepare = copied(onto, database) if onto else fresh(database)
        return prepare, self.ours(database, "ingest", "kpis", file), (0,)

    def imported(self, file):
        database = self.path("peer.db")
        return fresh(database), measure.sqlite_import(file, database), (0,)


def first(bench):
    file = bench.file("base", bench.scaled(17_000))
    database = bench.path("duck.db")
    peers = {"acctsnap": bench.ingest(file), "sqlite": bench.imported(file)}
    if duckdb := measure.duckdb(file, database):
        peers["duckdb"] = fresh(database), duckdb, (0,)
    took = alternating(bench.runs, peers)
    rows = {"first": page.ratio(took["acctsnap"], took["sqlite"])}
    if duckdb:
        rows["first_duckdb"] = page.ratio(took["acctsnap"], took["duckdb"])
    return rows


def changed(bench):
    accounts = bench.scaled(17_000)
    base, file = bench.file("base", accounts), bench.file("changed", accounts, changed=0.1)
    onto = bench.database(base)
    took = alternating(bench.runs, {"acctsnap": bench.ingest(file, onto), "sqlite": bench.imported(file)})
    return {"changed": page.ratio(took["acctsnap"], took["sqlite"])}


def shuffled(bench):
    file = bench.file("shuffled", bench.scaled(17_000), shuffle=True)
    took = alternating(bench.runs, {"acctsnap": bench.ingest(file), "sqlite": bench.imported(file)})
    return {"shuffled": page.ratio(took["acctsnap"], took["sqlite"])}


def again(bench):
    file = bench.file("base", bench.scaled(17_000))
    digest = None, ["openssl", "dgst", "-sha256", file], (0,)
    took = alternating(bench.runs, {"acctsnap": bench.ingest(file, bench.database(file)), "openssl": digest})
    return {"again": page.ratio(took["acctsnap"], took["openssl"])}


def large(bench):
    million = bench.file("base", bench.scaled(17_000))
    accounts = bench.scaled(170_000)
    file, refused = bench.file("base", accounts), bench.path(f"rejected-{accounts}.csv")
    if not refused.exists():
        kpi_files.rejected(refused, file)
    took = alternating(
        bench.runs,
        {
            "million": bench.ingest(million),
            "ten": bench.ingest(file),
            "rejected": (fresh(bench.path("ours.db")), bench.ours(bench.path("ours.db"), "ingest", "kpis", refused), (3, 5)),
        },
    )
    per_row = {name: took[name]["seconds"] / rows for name, rows in (("million", 1), ("ten", 10))}
    return {
        "memory": page.absolute(took["ten"]["memory"], "MB"),
        "memory_rejected": page.absolute(took["rejected"]["memory"], "MB"),
        "rows_per_second": page.absolute(per_row["million"] / per_row["ten"], ""),
    }


def create_all(bench):
    file = bench.file("base", bench.scaled(100_000))
    # Without events: what the file did is not pending, so that snapshots alone are measured.
    known, database = bench.database(file, "--no-events"), bench.path("ours.db")
    parse = None, [bench.bare_parse, file], (0,)
    create = bench.ours(database, "snapshot", "create", "--all")
    took = alternating(bench.runs, {"acctsnap": (copied(known, database), create, (0,)), "parse": parse})
    once_more = alternating(bench.runs, {"acctsnap": (None, create, (0,)), "parse": parse})
    return {
        "create_all": page.ratio(took["acctsnap"], took["parse"]),
        "create_all_again": page.ratio(once_more["acctsnap"], once_more["parse"]),
    }


def day(number):
    """The instant of the scheduled run of a day, counted from 1."""
    from datetime import datetime, timedelta

    return (datetime.fromisoformat(START) + timedelta(days=number, hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


def daily(bench, database, config, number):
    return bench.ours(database, "--config", config, "--at", day(number), "scheduled", "run")


def daily_rules(bench):
    config = bench.path("daily.toml")
    config.write_text('[[schedule]]\nname = "all"\nevery = "daily"\n')
    return config


def scheduled(bench):
    """The 2nd, 365th and 730th daily run, each five times from a copy of the database as the run before left it."""
    file, config = bench.file("base", bench.scaled(1_000)), daily_rules(bench)
    database, kept = bench.path("history.db"), {}
    fresh(database)()
    run(bench.ours(database, "ingest", "kpis", file, "--at", START))
    marks = [2, max(3, bench.scaled(365)), max(4, bench.scaled(730))]
    for number in range(1, marks[-1]):
        run(daily(bench, database, config, number))
        if number + 1 in marks:
            kept[number + 1] = bench.path(f"history-{number + 1}.db")
            shutil.copyfile(database, kept[number + 1])
    work = bench.path("ours.db")
    took = alternating(
        bench.runs,
        {number: (copied(kept[number], work), daily(bench, work, config, number), (0,)) for number in marks},
    )
    return {
        "scheduled_365": page.ratio(took[marks[1]], took[marks[0]]),
        "scheduled_730": page.ratio(took[marks[2]], took[marks[1]]),
    }


def latest_one(bench):
    """10,000 accounts and 365 daily runs: 3.65 million snapshots."""
    accounts, config = bench.scaled(10_000), daily_rules(bench)
    file, database = bench.file("base", accounts), bench.path("many.db")
    if not database.exists():
        run(bench.ours(database, "ingest", "kpis", file, "--at", START))
        for number in range(1, 365):
            run(daily(bench, database, config, number))
    account = f"Account {accounts // 2:06d} Solutions, Inc."
    took = alternating(
        bench.runs * 4,
        {
            "acctsnap": (None, [bench.acctsnap, "--db", database, "latest", "--account", account, "--json"], (0,)),
            "sqlite": (None, ["sqlite3", "-readonly", database, f"SELECT * FROM snapshots WHERE id = {accounts * 200}"], (0,)),
        },
    )
    return {"latest_one": page.ratio(took["acctsnap"], took["sqlite"])}


def latest_all(bench):
    file = bench.file("base", bench.scaled(100_000))
    database = bench.database(file)
    shell = ["sqlite3", "-readonly", database, ".mode json", "SELECT * FROM v_latest"]
    ours = [bench.acctsnap, "--db", database, "latest", "--all", "--format", "jsonl"]
    took = alternating(bench.runs, {"acctsnap": (None, ours, (0,)), "sqlite": (None, shell, (0,))})
    return {"latest_all": page.ratio(took["acctsnap"], took["sqlite"])}


def disk(bench):
    """A year of daily uploads of 1,000 accounts; and the same with a scheduled run a day besides."""
    config, databases = daily_rules(bench), {"disk": bench.path("year.db"), "scheduled": bench.path("year-scheduled.db")}
    for database in databases.values():
        fresh(database)()
    for number, file in kpi_files.days(bench.folder, bench.scaled(1_000), bench.scaled(365)):
        for name, database in databases.items():
            run(bench.ours(database, "ingest", "kpis", file, "--at", day(number).replace("T09", "T08")))
            if name == "scheduled":
                run(daily(bench, database, config, number))
    sizes = {}
    for name, database in databases.items():
        run(["sqlite3", database, "PRAGMA wal_checkpoint(TRUNCATE)"])
        sizes[name] = os.path.getsize(database) / 1e6
    return {
        "disk": page.absolute(sizes["disk"], "MB"),
        "disk_scheduled": page.absolute(sizes["scheduled"] - sizes["disk"], "MB"),
    }


def version(bench):
    commands = {"acctsnap": [bench.acctsnap, "--version"], "sqlite": ["sqlite3", "--version"]}
    took = alternating(bench.runs * 10, {name: (None, command, (0,)) for name, command in commands.items()})
    return {"version": page.ratio(took["acctsnap"], took["sqlite"])}


def binary(bench):
    return {"binary": page.absolute(os.path.getsize(bench.acctsnap) / 1e6, "MB")}


def curve(bench):
    """Time, memory and size by accounts of 59 KPIs; one run each, up to the size that was asked for."""
    points = []
    for accounts in (1, 10, 170, 1_000, 1_700, 10_000, 17_000, 100_000, 170_000, 510_000):
        if accounts > bench.scaled(510_000):
            break
        file, database = bench.file("base", accounts), bench.path("ours.db")
        fresh(database)()
        ingest = run(bench.ours(database, "ingest", "kpis", file))
        size = os.path.getsize(database) / 1e6
        create = run(bench.ours(database, "snapshot", "create", "--all"))
        latest = run([bench.acctsnap, "--db", database, "latest", "--all", "--format", "jsonl"])
        took = {"ingest": ingest, "create": create, "latest": latest}
        points.append({"accounts": accounts, "size": size} | {name: vars(one) for name, one in took.items()})
    return {"curve": {"points": points}}


ROWS = [first, changed, shuffled, again, large, create_all, scheduled, latest_one, latest_all, disk, version, binary, curve]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--acctsnap", default=ROOT / "target/release/acctsnap")
    parser.add_argument("--folder", help="where the data is made and kept; else a temporary one, removed at the end")
    parser.add_argument("--generator", default=os.environ.get("ACCTSNAP_BENCH_GENERATOR"))
    parser.add_argument("--only", default=",".join(row.__name__ for row in ROWS), metavar="ROW,ROW")
    parser.add_argument("--run", default="1", choices=["1", "2"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    return parser.parse_args()


def main():
    given = arguments()
    wanted = given.only.split(",")
    if unknown := set(wanted) - {row.__name__ for row in ROWS}:
        sys.exit(f"no row is called {', '.join(sorted(unknown))}: {', '.join(row.__name__ for row in ROWS)}")
    if not Path(given.acctsnap).exists():
        sys.exit(f"no program at {given.acctsnap}: cargo build --release --bin acctsnap --example bare_parse")
    for name in [name for name in os.environ if name.startswith("ACCTSNAP_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as temporary:
        given.folder = given.folder or temporary
        Path(given.folder).mkdir(parents=True, exist_ok=True)
        os.environ["HOME"] = str(given.folder)
        bench = Bench(given)
        for row in ROWS:
            if row.__name__ not in wanted:
                continue
            measured = row(bench)
            print(json.dumps(measured), flush=True)
            if given.scale == 1:
                page.keep(given.run, measured)
    if given.scale == 1:
        page.write()


if __name__ == "__main__":
    main()
