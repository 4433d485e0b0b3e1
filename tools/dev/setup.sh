# shellcheck shell=bash
# What every verb needs first, and what was done before and need not be done again.

# done_before STEP WHAT: true when STEP was done with exactly WHAT. mark_done STEP WHAT remembers it.
done_before() { [ "$(cat ".deps/stamp/$1" 2>/dev/null)" = "$2" ]; }
mark_done() { mkdir -p .deps/stamp && printf '%s' "$2" >".deps/stamp/$1"; }

setup() {
    export PATH="$PWD/.deps/bin:$PATH"
    mkdir -p .deps
    exec 9>.deps/lock
    flock 9 # two terminals may start at once
    apt_install build "${packages_build[@]}"
    # A venv remembers where it was made: a checkout that was moved gets a new one.
    if ! done_before venv "$PWD"; then
        quietly venv python3 -m venv --clear .deps/venv
        rm -f .deps/stamp/pip-*
        mark_done venv "$PWD"
    fi
    pip_install "${wheels[@]}"
    [ -x .deps/bin/node ] || link_node
    duckdb_install
    exec 9>&-
}
