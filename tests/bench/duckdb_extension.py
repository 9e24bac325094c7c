"""Full copy of one table by DuckDB's mysql extension, the fastest of the tools people use for it:
the figure beside Kura's in `make bench`. Run by scripts/bench with the packages it installs.

    SHOP_DB_PORT=… SHOP_DB_USER=… SHOP_DB_PASSWORD=… duckdb_extension.py DATABASE TABLE [RUNS]
"""
import importlib.util
import os
import resource
import sys
import tempfile
import time

import duckdb


def extension_file():
    """The extension as the package brings it; nothing is downloaded at run time."""
    for name in ("duckdb_extension_mysql_scanner", "duckdb_extension_mysql"):
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            continue
        for folder, _, files in os.walk(list(spec.submodule_search_locations)[0]):
            for file in files:
                if file.endswith(".duckdb_extension"):
                    return os.path.join(folder, file)
    sys.exit("the package of the extension holds no extension file")


def copy(database, table, options, folder):
    connection = duckdb.connect(os.path.join(folder, "copy.duckdb"))
    connection.execute(f"LOAD '{extension_file()}'")
    connection.execute("SET mysql_tinyint1_as_boolean=false")
    connection.execute("SET mysql_incomplete_dates_as_nulls=true")
    attach = (
        f"host=127.0.0.1 port={os.environ['SHOP_DB_PORT']} user={os.environ['SHOP_DB_USER']} "
        f"password={os.environ['SHOP_DB_PASSWORD']} database={database}{options}"
    )
    connection.execute(f"ATTACH '{attach}' AS source (TYPE mysql, READ_ONLY)")
    begin = time.monotonic()
    connection.execute(f'CREATE TABLE copied AS SELECT * FROM source."{table}"')
    connection.execute("CHECKPOINT")
    seconds = time.monotonic() - begin
    rows = connection.execute("SELECT count(*) FROM copied").fetchone()[0]
    connection.close()
    return rows, seconds


def main():
    database, table = sys.argv[1], sys.argv[2]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    for name, options in (
        ("mysql extension, tuned", " compression=disabled"),
        ("mysql extension, defaults", ""),
    ):
        best = None
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as folder:
                rows, seconds = copy(database, table, options, folder)
            best = seconds if best is None else min(best, seconds)
        print(f"{name:<28} {rows:>10} rows  {best:>7.3f} s  {rows / best / 1e6:>6.2f} M rows/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  DuckDB {duckdb.__version__}, peak memory {peak:.0f} MB")


main()
