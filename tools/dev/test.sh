# shellcheck shell=bash
# ./dev test: which stages run, and what is built for them.

# The stages in the order they begin, where nothing has to be compiled for them first (test/lib/runner/builds.py): first those that take
# longest once it is, then quick answers.
stages() {
    local folder
    echo asan
    echo unit
    echo house
    for folder in test/stages/*/; do
        folder=$(basename "$folder")
        case $folder in house | fuzz | threads) continue ;; esac
        [ ! -x "test/stages/$folder/run" ] || echo "$folder"
    done
    [ -z "$1" ] || printf '%s\n' tsan threads
    echo fuzz
}

test_all() {
    local steps=() full='' rounds='' word words=() stage chosen=()
    while [ $# -gt 0 ]; do
        case $1 in
            --full) full=yes ;;
            --steady)
                [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "--steady wants a number of rounds; see ./dev help"
                rounds=$2
                shift
                ;;
            -*) die "test does not know $1; see ./dev help" ;;
            *) words+=("$1") ;;
        esac
        shift
    done
    mapfile -t steps < <(steps_of_build release)
    setup "${steps[@]}"
    for stage in $(stages "$full"); do
        if [ -n "$rounds" ] && [ ${#words[@]} = 0 ] && ! test/run --has-processes "$stage"; then continue; fi
        for word in "${words[@]:-}"; do # without a word: all
            case $stage in *"$word"*) chosen+=("$stage") && break ;; esac
        done
    done
    if [ ${#chosen[@]} = 0 ]; then
        [ ${#words[@]} = 1 ] || die "no stage has a name with ${words[*]}"
        chosen=(unit)
        export GTEST_FILTER="*${words[0]}*"
    fi
    name_localhost
    mkdir -p build/test
    for stage in "${chosen[@]}"; do meet_needs "$stage"; done

    # Only what the chosen stages run: the program now, and what takes minutes while other stages run, unless there are none.
    local program='' preset targets
    for stage in "${chosen[@]}"; do
        case $stage in
            unit | asan | tsan | kafka-log | hdfs | s3) apt_install "compile tests" "${packages_tests[@]}" ;;
        esac
        case $stage in
            asan | tsan | threads | fuzz) apt_install "build with sanitizers" "${packages_sanitizers[@]}" ;;
            unit | sim | house | runner | web | kafka-log | kafka-rig) ;;
            *) program=tidemark ;;
        esac
    done
    [ -z "$program" ] || build release "$program"
    while read -r preset targets; do
        # shellcheck disable=SC2086 # a word each
        build "$preset" $targets
    done < <(test/run --compile-first "${chosen[@]}")

    local shared=''
    [ ! -d ../shared ] || shared=$(cd ../shared && pwd)
    export TIDEMARK="$PWD/build/release/tidemark" TIDEMARK_SHARED=$shared TIDEMARK_FULL=$full
    export PYTHON="$PWD/.deps/venv/bin/python" NODE="$PWD/.deps/bin/node"
    export SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_HOSTNAME=localhost # a bare machine does not know its own name
    exec test/run ${rounds:+--steady "$rounds"} "${chosen[@]}"
}
