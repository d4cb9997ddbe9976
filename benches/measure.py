"""Runs whole processes and tells what they took: wall-clock, processor time, peak memory. Knows nothing of the rows."""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

DUCKDB = """
import duckdb, sys
connection = duckdb.connect(sys.argv[2])
connection.execute("SET enable_progress_bar = false")
connection.execute("CREATE TABLE facts AS SELECT * FROM read_csv_auto(?)", [sys.argv[1]])
connection.close()
"""


class Took:
    """What one process took: seconds of wall-clock, seconds of processor (user and system), peak memory in MB."""

    def __init__(self, wall, processor, memory):
        self.wall, self.processor, self.memory = wall, processor, memory


def run(command, accepted=(0,)):
    """Runs one process to its end; its output goes nowhere, an unexpected exit code ends the suite."""
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        sys.exit(f"{command}: exit code {process.returncode}\n{said.decode(errors='replace')}")
    return Took(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def alternating(runs, contenders):
    """Each contender `runs` times, in turn, so that what else the machine does meets all alike.

    contenders: name -> (prepare or None, command, accepted exit codes); only the command is timed.
    """
    took = {name: [] for name in contenders}
    for _ in range(runs):
        for name, (prepare, command, accepted) in contenders.items():
            if prepare:
                prepare()
            took[name].append(run(command, accepted))
    return {name: summary(of_name) for name, of_name in took.items()}


def summary(took):
    walls = sorted(one.wall for one in took)
    return {
        "seconds": statistics.median(walls),
        "from": walls[0],
        "to": walls[-1],
        "processor": statistics.median(one.processor for one in took),
        "memory": max(one.memory for one in took),
        "runs": len(walls),
    }


def fresh(database):
    """Removes a database and what lies beside it."""

    def prepare():
        for end in ("", "-wal", "-shm", "-journal"):
            if os.path.exists(f"{database}{end}"):
                os.remove(f"{database}{end}")

    return prepare


def copied(source, database):
    """Puts a copy of a closed database in place, written out to the disk before the clock starts."""

    def prepare():
        fresh(database)()
        shutil.copyfile(source, database)
        os.sync()

    return prepare


def sqlite_import(file, database):
    """The peer: the file's text into one bare table."""
    return ["sqlite3", database, ".mode csv", f".import '{file}' facts"]


def duckdb(file, database):
    """The peer: the duckdb shell where there is one, else its Python module (its start included); None without either."""
    if shutil.which("duckdb"):
        return ["duckdb", database, "-c", f"CREATE TABLE facts AS SELECT * FROM read_csv_auto('{file}')"]
    found = subprocess.run([sys.executable, "-c", "import duckdb"], capture_output=True).returncode == 0
    return [sys.executable, "-c", DUCKDB, str(file), str(database)] if found else None


def answer(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "not installed"


def machine():
    """What the figures were measured on."""
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    python_module = answer(sys.executable, "-c", "import duckdb; print(duckdb.__version__)")
    return {
        "processor": f"{len(models)} x {models[0] if models else platform.machine()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "sqlite3": " ".join(answer("sqlite3", "--version").split()[:2]),
        "duckdb": answer("duckdb", "--version") if shutil.which("duckdb") else f"{python_module} (the Python module)",
        "openssl": answer("openssl", "version"),
    }
