# shellcheck shell=bash
# What every verb needs first, and what was done before and need not be done again.

# done_before STEP WHAT: true when STEP was done with exactly WHAT. mark_done STEP WHAT remembers it.
done_before() { [ "$(cat ".deps/stamp/$1" 2>/dev/null)" = "$2" ]; }
mark_done() { mkdir -p .deps/stamp && printf '%s' "$2" >".deps/stamp/$1"; }

# setup [STEP...]: installs what is missing. The steps are those that the verb takes behind it, for the announcement.
setup() {
    local due=()
    export PATH="$PWD/.deps/bin:$PATH"
    mkdir -p .deps
    exec 9>.deps/lock
    flock 9 # two terminals may start at once
    mapfile -t due < <(due_steps)
    [ $((${#due[@]} + $#)) = 0 ] || announce "${due[@]}" "$@"
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

# The steps of setup that are not done, one a line.
due_steps() {
    if ! done_before apt-build "${packages_build[*]}" && command -v apt-get >/dev/null && [ -n "$(missing_packages "${packages_build[@]}")" ]; then
        echo packages
    fi
    if ! done_before venv "$PWD" || ! done_before "pip-$(IFS=+ && echo "${wheels[*]}")" "$(locked_wheels "${wheels[@]}")"; then echo wheels; fi
    done_before npm "$(cat supply/duckdb/package*.json)" || echo duckdb
}
