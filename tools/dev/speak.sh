# shellcheck shell=bash
# What ./dev says, and short commands whose output is kept in a log.

bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

say() { printf '%s▸ %s%s\n' "$bold" "$*" "$plain"; }
die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

# fail_with LOG COMMAND...
fail_with() {
    local log=$1
    shift
    tail -n 25 "$log" >&2
    die "this failed: $* (whole log: $log)"
}

# Runs a command with its output in a log; the log is shown only when it fails.
quietly() {
    local log=$root/.deps/log/$1.txt
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 </dev/null || fail_with "$log" "$@"
}
