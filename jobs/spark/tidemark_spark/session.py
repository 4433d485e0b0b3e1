"""The Spark session: what the job needs set, and the package for the workers."""

import pathlib
import tempfile
import zipfile

NEEDED = {
    # Errors instead of silent NULLs. The expressions are written so that both modes give the same rows, and are tested in both.
    "spark.sql.ansi.enabled": "true",
    # `exact.quotient` divides two DECIMAL(38, 0) and needs 32 digits before the point.
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
}


def open_session(name, ansi=True, jars=None, ships=True, hive=False):
    """The session of spark-submit, or a local one. `jars`: files that driver and workers get, with commas. `ships`: workers run Python. `hive`: tables
    are those of the metastore that hive.metastore.uris names."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName(name)
    if hive:
        builder = builder.enableHiveSupport()
    spark = (builder.config("spark.jars", jars) if jars else builder).getOrCreate()
    for key, value in NEEDED.items():
        spark.conf.set(key, value)
    if not ansi:
        spark.conf.set("spark.sql.ansi.enabled", "false")
    if ships:
        ship_package(spark)
    return spark


def ship_package(spark):
    """The workers' Pythons judge irregular records: they get this package, so that nobody has to install it on them."""
    here = pathlib.Path(__file__).parent
    if here.suffix == ".zip" or not here.is_dir():
        return  # it came with --py-files, and the workers have it
    path = pathlib.Path(tempfile.mkdtemp(prefix="tidemark-spark-"), "tidemark_spark.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(here.glob("*.py")):
            archive.write(file, f"tidemark_spark/{file.name}")
    spark.sparkContext.addPyFile(str(path))
