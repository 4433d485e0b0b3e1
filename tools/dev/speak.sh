# shellcheck shell=bash
# What ./dev says, and long commands whose output is kept in a log.

bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

say() { printf '%s▸ %s%s\n' "$bold" "$*" "$plain"; }
die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

# Runs a long command with its output in a log; the log is shown only when it fails.
quietly() {
    local log=$root/.deps/log/$1.txt
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 25 "$log" >&2
        die "this failed: $* (whole log: $log)"
    fi
}
