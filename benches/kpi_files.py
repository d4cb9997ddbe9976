"""The KPI files that the figures are measured on. Makes files; measures nothing.

Long layout: account,category,kpi_parameter,data,impact_level,weight; 59 KPIs of the built-in catalogue for each account,
so that 17,000 accounts give 1,003,000 rows.
"""

import csv
import random
import subprocess
import sys
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "src/model/kpi/catalogue.csv"
HEADER = ["account", "category", "kpi_parameter", "data", "impact_level", "weight"]
KPIS = 59


def catalogue():
    with open(CATALOGUE, newline="") as file:
        return list(csv.DictReader(file))[:KPIS]


def value(chance, kpi):
    """A value within the KPI's range, written as its unit is written."""
    low, high = sorted((float(kpi["worst"]), float(kpi["best"])))
    if high - low > 500:
        high = min(high, max(float(kpi["critical_edge"]), float(kpi["healthy_edge"])) * 1.6)
    number = round(chance.uniform(low, high), 1)
    by_unit = {"%": f"{number}%", "$": f"${number:,.2f}", "days": f"{number} days", "hours": f"{number} hours"}
    return by_unit.get(kpi["unit"], f"{number}")


def row(account, index, kpi, text):
    impact = ("High", "Medium", "Low")[index % 3]
    return [f"Account {account:06d} Solutions, Inc.", kpi["category"], kpi["kpi_name"], text, impact, 5]


def write(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def base(path, accounts, changed=0.0, shuffle=False, generator=None):
    """The base file; with a share of its values changed; or with its rows in random order."""
    if generator:
        flags = (["--seed", "2", "--changed", str(changed)] if changed else []) + (["--shuffle"] if shuffle else [])
        subprocess.run([sys.executable, generator, str(accounts), path, *flags], check=True)
        return
    first, again, kpis = random.Random(7), random.Random(2), catalogue()

    def rows():
        for account in range(accounts):
            for index, kpi in enumerate(kpis):
                text = value(first, kpi)
                if changed and again.random() < changed:
                    text = value(again, kpi)
                yield row(account, index, kpi, text)

    if shuffle:
        rows_in_memory = list(rows())
        random.Random(3).shuffle(rows_in_memory)
        write(path, rows_in_memory)
    else:
        write(path, rows())


def rejected(path, source):
    """The same rows with a value that no unit explains: each is rejected."""
    with open(source, newline="") as file:
        reader = csv.reader(file)
        next(reader)
        write(path, ([*cells[:3], "about a dozen", *cells[4:]] for cells in reader))


def days(folder, accounts, count, changed=0.1):
    """A file a day, each with a share of the values of the day before changed; yields (day from 1, path)."""
    chance, kpis = random.Random(11), catalogue()
    texts = [[value(chance, kpi) for kpi in kpis] for _ in range(accounts)]
    path = Path(folder) / "day.csv"
    for day in range(1, count + 1):
        for of_account in texts if day > 1 else []:
            for index, kpi in enumerate(kpis):
                if chance.random() < changed:
                    of_account[index] = value(chance, kpi)
        write(path, (row(a, i, kpi, texts[a][i]) for a in range(accounts) for i, kpi in enumerate(kpis)))
        yield day, path
