"""Reads exported files with DuckDB, pandas and pyarrow, and compares each cell with the JSON Lines of the same export.

Takes the names of exports; of each NAME.jsonl, NAME.csv, NAME-excel.csv and NAME.parquet lie in the working folder.
"""

import datetime
import decimal
import json
import sys

import duckdb
import pandas
import pyarrow.parquet

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def truth(name):
    with open(name + ".jsonl", encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def plain(value):
    """A cell of a typed file as JSON has it; None where a library says "missing" in its own way."""
    if value is None or value is pandas.NA or value is pandas.NaT or value != value:
        return None
    if isinstance(value, datetime.datetime):
        utc = value.astimezone(datetime.timezone.utc)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03}Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def same_typed(expected, got):
    got = plain(got)
    if isinstance(expected, (list, dict)):
        return got is not None and json.loads(got) == expected
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if isinstance(got, decimal.Decimal):
            return got == decimal.Decimal(repr(expected))
        if isinstance(got, float):
            return got == float(expected)
        return got is not None and not isinstance(got, str) and got == expected
    return got == expected


def same_text(expected, got):
    if expected is None:
        return got is None or got == "" or got != got
    if isinstance(expected, bool):
        return got == ("true" if expected else "false")
    if isinstance(expected, (list, dict)):
        return json.loads(got) == expected
    if isinstance(expected, (int, float)):
        return float(got) == float(expected)
    return got == expected


def guarded(expected):
    if isinstance(expected, str) and expected.startswith(FORMULA):
        return "'" + expected
    return expected


def compare(what, expected, rows, same):
    assert len(rows) == len(expected), f"{what}: {len(rows)} rows, expected {len(expected)}"
    for number, (one, other) in enumerate(zip(expected, rows)):
        assert list(one) == list(other), f"{what}: columns {list(other)}"
        for column in one:
            assert same(one[column], other[column]), (
                f"{what}, row {number}, {column}: expected {one[column]!r}, got {other[column]!r}"
            )


def rows_of(frame):
    return frame.to_dict("records")


def check(name):
    expected = truth(name)
    spreadsheet = [{key: guarded(value) for key, value in row.items()} for row in expected]
    sql = duckdb.connect()
    sql.sql("SET TimeZone = 'UTC'")
    parquet = sql.sql(f"SELECT * FROM '{name}.parquet'").to_arrow_table().to_pylist()
    compare(f"{name}.parquet, DuckDB", expected, parquet, same_typed)
    table = pyarrow.parquet.read_table(name + ".parquet")
    compare(f"{name}.parquet, pyarrow", expected, table.to_pylist(), same_typed)
    frame = pandas.read_parquet(name + ".parquet", dtype_backend="numpy_nullable")
    compare(f"{name}.parquet, pandas", expected, rows_of(frame), same_typed)
    for file, wanted in ((name + ".csv", expected), (name + "-excel.csv", spreadsheet)):
        options = "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"'"
        text = sql.sql(f"SELECT * FROM read_csv('{file}', {options})").to_arrow_table().to_pylist()
        compare(f"{file}, DuckDB", wanted, text, same_text)
        frame = pandas.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        compare(f"{file}, pandas", wanted, rows_of(frame), same_text)
    return len(expected)


for export in sys.argv[1:]:
    print(export, check(export))
