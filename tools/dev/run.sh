# shellcheck shell=bash
# ./dev run, build and install: the program itself.

build_program() {
    mapfile -t steps < <(steps_of_build release)
    setup "${steps[@]}"
    build release tidemark
}

tell_program() { say "Built: ./tidemark. To have \`tidemark\` on the PATH: ./dev install"; }

run_product() {
    build_program
    tell_program
    exec build/release/tidemark run "$@"
}

build_only() {
    local preset=release
    case ${1:-} in release | plain | dev | asan | tsan | fuzz)
        preset=$1
        shift
        ;;
    esac
    if [ "$preset" = release ] && [ $# = 0 ]; then
        build_program
        tell_program
        return
    fi
    mapfile -t steps < <(steps_of_build "$preset")
    setup "${steps[@]}"
    build "$preset" "$@"
    [ $# -gt 0 ] || say "Built: build/$preset/tidemark"
}

# install_program [PREFIX]
install_program() {
    local prefix=${1:-$HOME/.local} found
    case $prefix in
        -*) die "install takes the folder to install into, ~/.local unless said; see ./dev help" ;;
        /*) ;;
        *) prefix=$PWD/$prefix ;;
    esac
    build_program
    if mkdir -p "$prefix" 2>/dev/null && [ -w "$prefix" ]; then
        quietly install cmake --install build/release --prefix "$prefix"
    else
        ask_for_root "write into $prefix"
        quietly install as_root cmake --install "$PWD/build/release" --prefix "$prefix"
    fi
    say "Installed: $prefix/bin/tidemark. It does not need this checkout"
    found=$(command -v tidemark || true)
    case ":$PATH:" in
        *":$prefix/bin:"*)
            [ "$found" -ef "$prefix/bin/tidemark" ] || say "\`tidemark\` on the PATH is another one: $found"
            ;;
        *) say "$prefix/bin is not on the PATH. For this shell and later ones: echo 'export PATH=\"$prefix/bin:\$PATH\"' >>~/.profile && . ~/.profile" ;;
    esac
}
