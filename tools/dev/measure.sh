# shellcheck shell=bash
# ./dev sim, bench, campaign and fuzz: long runs that measure or search.

simulate_worlds() {
    setup
    build release tidemark_sim >&2
    case ${1:-} in
        --plants)
            shift
            exec python3 test/stages/sim/plants.py "$@"
            ;;
    esac
    exec build/release/tidemark_sim "$@"
}

bench() {
    setup
    case ${1:-} in
        kafka) bench_kafka kafka_table "${@:2}" ;;
        kafka-peers) bench_kafka kafka_peers "${@:2}" ;;
        scale) bench_kafka kafka_scale "${@:2}" ;;
        spark)
            local full=yes # meet_needs_of: what the stage has in its long form
            mkdir -p build/test
            meet_needs spark-stream
            [ ! -e build/test/spark-stream.unmet ] || die "no Spark here: $(cat build/test/spark-stream.unmet)"
            bench_kafka spark_exact "${@:2}"
            ;;
    esac
    build release tidemark bench
    case " $* " in
        *" hardening "*)
            build plain tidemark engine_bench
            export PLAIN="$PWD/build/plain"
            ;;
    esac
    case " $* " in
        *" hdfs "*)
            mkdir -p build/test
            meet_needs bench-hdfs lib/hive
            maven_install test/lib/kafka
            [ ! -e build/test/bench-hdfs.unmet ] || die "no Hive here: $(cat build/test/bench-hdfs.unmet)"
            ;;
    esac
    [ -x bench/run ] || die "there is no bench/run yet; the single benchmarks are in build/release/bench/"
    export TIDEMARK="$PWD/build/release/tidemark" BENCHMARKS="$PWD/build/release/bench"
    export PYTHON="$PWD/.deps/venv/bin/python" NODE="$PWD/.deps/bin/node"
    exec bench/run "$@"
}

campaign() {
    setup
    exec .deps/venv/bin/python -B bench/campaign.py "$@"
}

fuzz() {
    setup
    build fuzz fuzz
    export PYTHON="$PWD/.deps/venv/bin/python"
    exec fuzz/run "$@"
}
