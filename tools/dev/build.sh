# shellcheck shell=bash
# Compiling a preset of CMakePresets.json.

# A compiler may take 1.2 GB on the files that hold the network library.
jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/MemAvailable/ { print int($2 / 1200000) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    echo "${TIDEMARK_JOBS:-$((memory < cores ? memory : cores))}"
}

# The steps that a first build of a preset takes, one a line; none where it was built before.
steps_of_build() {
    [ -e "build/$1/build.ninja" ] || printf '%s\n' "configure-$1" "compile-$1"
}

# What only these targets need besides packages_build.
install_for() {
    local preset=$1 target
    shift
    case $preset in asan | tsan | fuzz) apt_install "build with sanitizers" "${packages_sanitizers[@]}" ;; esac
    for target; do
        case $target in
            *_tests | all) apt_install "compile tests" "${packages_tests[@]}" ;;
        esac
        case $target in
            bench | *_bench | all) apt_install "compile benchmarks" "${packages_benchmarks[@]}" ;;
        esac
    done
}

# A tree that was configured before GoogleTest or benchmark was there does not know these targets.
knows() {
    local target
    for target in "${@:2}"; do
        case $target in
            *_tests | *_bench | bench) grep -q "^build $target: " "build/$1/build.ninja" || return 1 ;;
        esac
    done
}

# build PRESET TARGET...
build() {
    local preset=$1 target targets=()
    shift
    [ $# -gt 0 ] || set -- tidemark
    install_for "$preset" "$@"
    mkdir -p "build/$preset"
    exec 8>"build/$preset/.lock"
    flock 8 # two stages may ask for the same
    if [ ! -e "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ] || ! knows "$preset" "$@"; then
        begin_step "configure-$preset"
        run_step "configure-$preset" cmake --preset "$preset" ${CI:+-DTIDEMARK_WERROR=ON}
        end_step "configure-$preset"
    fi
    for target in $(printf '%s\n' "$@" | sort -u); do targets+=(--target "$target"); done
    begin_step "compile-$preset"
    compile "$preset" "${targets[@]}" || die "compiling failed (whole log: .deps/log/compile-$preset.txt)"
    exec 8>&-
    case "$preset $*" in
        release*" tidemark"*) ln -sfn build/release/tidemark tidemark ;;
    esac
}

compile() {
    local preset=$1
    NINJA_STATUS="[%f/%t %e] " cmake --build --preset "$preset" -j "$(jobs)" "${@:2}" 8>&- 2>&1 </dev/null |
        show_ninja "compile-$preset" "$PWD/.deps/log/compile-$preset.txt"
}
