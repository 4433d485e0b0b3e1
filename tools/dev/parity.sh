# shellcheck shell=bash
# ./dev parity: one input through every engine.

parity() {
    local full=yes # the newer Spark, too
    setup
    build release tidemark
    mkdir -p build/test
    meet_needs parity
    meet_needs_of lib/flink_cluster parity
    meet_needs_of stages/spark-stream parity
    pip_install pyarrow
    pip_install duckdb
    local shared=''
    [ ! -d ../shared ] || shared=$(cd ../shared && pwd)
    export TIDEMARK="$PWD/build/release/tidemark" TIDEMARK_SHARED=$shared
    exec .deps/venv/bin/python -B test/stages/parity/table.py "$@"
}
