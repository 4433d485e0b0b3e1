# shellcheck shell=bash
# ./dev kafka, and what is measured over Kafka.

kafka() { rig kafka brokers "$@"; }

# Over Kafka, and the jobs that do the same there: brokers, Spark with its connector, Kafka Streams.
bench_kafka() {
    local program=$1
    mkdir -p build/test
    meet_needs kafka lib/kafka
    [ ! -e build/test/kafka.unmet ] || die "no brokers here: $(cat build/test/kafka.unmet)"
    apt_install "compile Kafka's peer" default-jdk-headless
    maven_install bench/peers/kafka-streams
    maven_install bench/peers/spark-kafka
    pip_install setuptools
    pip_install pyspark
    build release tidemark
    exec env TIDEMARK="$PWD/build/release/tidemark" .deps/venv/bin/python -B "bench/peers/$program.py" "${@:2}"
}
