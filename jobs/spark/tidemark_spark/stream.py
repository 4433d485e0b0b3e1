"""The stream: alpaca_trends once, through the jar of jobs/spark-stream, to the result topics.

The jar keeps a machine of the contract for each partition in Spark's state. Spark brings messages and keeps offsets and state of a
micro-batch together in the checkpoint; its Kafka sink writes at least once.
"""

TOPIC = "alpaca_trends"
OWN = ("group.id", "bootstrap.servers", "isolation.level", "enable.auto.commit", "auto.offset.reset", "key.deserializer", "value.deserializer",
       "key.serializer", "value.serializer", "enable.idempotence", "max.in.flight.requests.per.connection", "acks")


class Refused(Exception):
    """The stream could not keep what it promises; the text names the cure."""


def client_properties(path):
    """NAME=VALUE lines, as Kafka's Java clients read them."""
    properties = {}
    if path:
        with open(path, encoding="utf-8") as file:
            for line in file:
                name, is_set, value = line.strip().partition("=")
                if is_set and not name.startswith("#"):
                    properties[name.strip()] = value.strip()
    for name in OWN:
        if name in properties:
            raise Refused(f"--kafka-config sets {name}, which this job sets itself: remove it")
    return properties


def called(java):
    """What a call of the jar gives; its sentence if it refuses."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import IllegalArgumentException

    try:
        return java()
    except IllegalArgumentException as refusal:  # PySpark translates this one
        raise Refused(str(refusal).splitlines()[0]) from None
    except Py4JJavaError as error:
        if error.java_exception.getClass().getSimpleName() == "IllegalStateException":
            raise Refused(error.java_exception.getMessage()) from None
        raise


def jar_of(spark):
    """The jar's package."""
    from py4j.java_gateway import JavaClass

    package = spark._jvm.tidemark.spark
    if not isinstance(package.TrendStream, JavaClass):
        raise Refused("Spark does not have tidemark-spark-stream.jar: make it (docs/spark.md), and name it with --jar, or with --jars for spark-submit")
    return package


def start(spark, options):
    """The running query."""
    from pyspark.sql import DataFrame

    package = jar_of(spark)
    clients = client_properties(options.kafka_config)
    settings = called(lambda: package.TrendStream.settings(f"{options.size}s", f"{options.slide}s", f"{options.delay}s", options.updates == "on",
                                                           options.topic_prefix, options.application))
    partitions = called(lambda: package.ResultTopics.partitions(options.kafka, options.topic_prefix, clients))
    # A partition is one key. The checkpoint keeps this number from the first start on.
    spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
    kafka = {"kafka.bootstrap.servers": options.kafka} | {f"kafka.{name}": value for name, value in clients.items()}
    messages = spark.readStream.format("kafka").options(**kafka, **{
        "subscribe": options.topic_prefix + TOPIC, "startingOffsets": "earliest", "includeHeaders": "true", "failOnDataLoss": "true",
        "maxOffsetsPerTrigger": str(options.batch_records), "kafka.isolation.level": "read_committed",
    }).load()
    rows = DataFrame(package.TrendStream.results(messages._jdf, settings), spark)
    # Idempotent, one after the other: within a partition the rows stay in their order.
    writer = rows.writeStream.format("kafka").options(**kafka, **{"kafka.acks": "all", "kafka.enable.idempotence": "true"})
    writer = writer.option("checkpointLocation", options.checkpoint).outputMode("append").queryName(f"{options.application}-trends")
    return (writer.trigger(availableNow=True) if options.once else writer.trigger(processingTime=f"{options.trigger} seconds")).start()
