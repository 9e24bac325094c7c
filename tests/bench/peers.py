"""Full copy of one table by the tools that people use for it: the figures beside Kura's in
`make bench` and `make bench-sync`. Each runs in a process of its own, so that its peak memory is
its own. Run by scripts/bench-peers with the packages it installs.

    SHOP_DB_PORT=… SHOP_DB_USER=… SHOP_DB_PASSWORD=… peers.py DATABASE TABLE [RUNS]
"""
import importlib.util
import multiprocessing
import os
import resource
import sys
import tempfile
import time

TOOLS = {}


def tool(name):
    """Registers copy(database, table, folder): it makes the file folder/copy.duckdb, and returns the
    rows that it put there."""

    def register(copy):
        TOOLS[name] = copy
        return copy

    return register


def url(database, driver="mysql"):
    return (
        f"{driver}://{os.environ['SHOP_DB_USER']}:{os.environ['SHOP_DB_PASSWORD']}"
        f"@127.0.0.1:{os.environ['SHOP_DB_PORT']}/{database}"
    )


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


def by_extension(database, table, folder, options):
    import duckdb

    connection = duckdb.connect(os.path.join(folder, "copy.duckdb"))
    connection.execute(f"LOAD '{extension_file()}'")
    connection.execute("SET mysql_tinyint1_as_boolean=false")
    connection.execute("SET mysql_incomplete_dates_as_nulls=true")
    attach = (
        f"host=127.0.0.1 port={os.environ['SHOP_DB_PORT']} user={os.environ['SHOP_DB_USER']} "
        f"password={os.environ['SHOP_DB_PASSWORD']} database={database}{options}"
    )
    connection.execute(f"ATTACH '{attach}' AS source (TYPE mysql, READ_ONLY)")
    connection.execute(f'CREATE TABLE copied AS SELECT * FROM source."{table}"')
    connection.execute("CHECKPOINT")
    rows = connection.execute("SELECT count(*) FROM copied").fetchone()[0]
    connection.close()
    return rows


@tool("mysql extension, tuned")
def extension_tuned(database, table, folder):
    return by_extension(database, table, folder, " compression=disabled")


@tool("mysql extension, defaults")
def extension_defaults(database, table, folder):
    return by_extension(database, table, folder, "")


def by_connectorx(database, table, folder, **options):
    import connectorx
    import duckdb

    rows = connectorx.read_sql(
        url(database), f"SELECT * FROM `{table}`", return_type="arrow", **options
    )
    connection = duckdb.connect(os.path.join(folder, "copy.duckdb"))
    connection.execute("CREATE TABLE copied AS SELECT * FROM rows")
    connection.execute("CHECKPOINT")
    connection.close()
    return rows.num_rows


@tool("ConnectorX, 2 partitions")
def connectorx_tuned(database, table, folder):
    return by_connectorx(database, table, folder, partition_on="id", partition_num=2)


@tool("ConnectorX, defaults")
def connectorx_defaults(database, table, folder):
    return by_connectorx(database, table, folder)


@tool("dlt, connectorx backend")
def dlt_connectorx(database, table, folder):
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    import dlt
    from dlt.sources.sql_database import sql_table

    pipeline = dlt.pipeline(
        "copy",
        pipelines_dir=folder,
        dataset_name="copied",
        destination=dlt.destinations.duckdb(os.path.join(folder, "copy.duckdb")),
    )
    source = sql_table(
        url(database, "mysql+pymysql"),
        table=table,
        backend="connectorx",
        backend_kwargs={"conn": url(database)},
        reflection_level="full_with_precision",
    )
    pipeline.run(source, write_disposition="replace")
    return pipeline.last_trace.last_normalize_info.row_counts[table]


def measure(name, arguments, results):
    """In a child: one copy, its seconds, rows and peak memory, or why it failed."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            rows = TOOLS[name](*arguments, folder)
            seconds = time.monotonic() - begin
    except BaseException as error:  # a panic of an extension is one too
        line = (str(error).strip() or type(error).__name__).splitlines()[0]
        results.put((None, 0, 0, line.replace(os.environ["SHOP_DB_PASSWORD"], "…")))
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put((seconds, rows, peak, ""))


def best_of(name, arguments, runs):
    context = multiprocessing.get_context("spawn")
    best = None
    for _ in range(runs):
        results = context.Queue()
        child = context.Process(target=measure, args=(name, arguments, results))
        child.start()
        seconds, rows, peak, why = results.get()
        child.join()
        if seconds is None:
            return None, why
        if best is None or seconds < best[0]:
            best = (seconds, rows, peak)
    return best, ""


def main():
    arguments = (sys.argv[1], sys.argv[2])
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    for name in TOOLS:
        best, why = best_of(name, arguments, runs)
        if best is None:
            print(f"{name:<28} failed: {why}")
            continue
        seconds, rows, peak = best
        rate = rows / seconds / 1e6
        print(
            f"{name:<28} {rows:>10} rows  {seconds:>7.3f} s  {rate:>6.2f} M rows/s  "
            f"peak {peak:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
