# shellcheck shell=bash
# Compiling a preset of CMakePresets.json.

# A compiler may take 1.5 GB on the files that hold the network library.
jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    echo "${TIDEMARK_JOBS:-$((memory < cores ? memory : cores))}"
}

# build PRESET TARGET...
build() {
    local preset=$1 target targets=()
    shift
    case $preset in asan | tsan | fuzz) apt_install "build with sanitizers" "${packages_sanitizers[@]}" ;; esac
    mkdir -p "build/$preset"
    exec 8>"build/$preset/.lock"
    flock 8 # two stages may ask for the same
    if [ ! -e "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
        say "Configuring build/$preset"
        quietly "configure-$preset" cmake --preset "$preset" ${CI:+-DTIDEMARK_WERROR=ON}
    fi
    for target in $(printf '%s\n' "$@" | sort -u); do targets+=(--target "$target"); done
    NINJA_STATUS="[$preset %f/%t %es] " cmake --build --preset "$preset" -j "$(jobs)" "${targets[@]}" 8>&-
    exec 8>&-
}

build_only() {
    local preset=release
    case ${1:-} in release | plain | dev | asan | tsan | fuzz)
        preset=$1
        shift
        ;;
    esac
    setup
    build "$preset" "$@"
    [ $# -gt 0 ] || say "build/$preset/tidemark"
}

run_product() {
    setup
    build release tidemark
    exec build/release/tidemark run "$@"
}
