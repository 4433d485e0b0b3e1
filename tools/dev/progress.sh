# shellcheck shell=bash
# What a long command is doing, in one line: the step, how far it is, how long all steps may still take. Without a terminal a plain line
# every half minute.

# The steps that the verb will take, in order, and how many of them have begun.
planned=()
begun=0
compile_seconds=300 # of CPU, from nothing; a verb that compiles more than the program says so
status_told=0 # when a plain line was printed last, in seconds of this shell

# What a step took the last time, else what it takes on two idle cores over a usual line.
seconds_of() {
    local step=$1 last
    last=$(cat ".deps/seconds/$step" 2>/dev/null || true)
    if [ -n "$last" ]; then
        echo "$last"
        return
    fi
    case $step in
        packages) echo 120 ;;
        wheels) echo 25 ;;
        duckdb) echo 15 ;;
        configure-*) echo 8 ;;
        compile-*) echo $((compile_seconds / $(jobs))) ;;
        *) echo 0 ;;
    esac
}

# What a step is called where people read it.
title_of() {
    case $1 in
        packages) echo "install compilers and libraries (apt)" ;;
        wheels) echo "fetch Arrow and Node.js (pip)" ;;
        duckdb) echo "fetch DuckDB (npm)" ;;
        configure-*) echo "configure build/${1#configure-}" ;;
        compile-*) echo "compile build/${1#compile-}" ;;
        *) echo "$1" ;;
    esac
}

minutes() {
    if [ "$1" -lt 60 ]; then echo "less than a minute"; elif [ "$1" -lt 90 ]; then echo "about a minute"; else echo "about $((($1 + 30) / 60)) minutes"; fi
}

# Seconds that the steps behind the one that runs may take.
seconds_behind() {
    local step sum=0
    for step in "${planned[@]:begun}"; do sum=$((sum + $(seconds_of "$step"))); done
    echo "$sum"
}

# announce STEP...: what is going to happen, before the first of them.
announce() {
    local step titles=''
    planned=("$@")
    begun=0
    [ $# -gt 0 ] || return 0
    for step; do titles+="${titles:+, }$(title_of "$step")"; done
    say "To do: $titles. It takes $(minutes "$(seconds_behind)"); logs are in .deps/log"
}

# begin_step STEP: it is the next one; one that was not announced is counted, too. end_step STEP remembers what it took.
begin_step() {
    if [ "${planned[begun]:-}" != "$1" ]; then planned=("${planned[@]:0:begun}" "$1" "${planned[@]:begun}"); fi
    begun=$((begun + 1))
    step_began=$SECONDS
}
end_step() {
    mkdir -p .deps/seconds
    echo $((SECONDS - step_began)) >".deps/seconds/$1"
}
step_began=0

on_terminal() { [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; }

# show_status TEXT SECONDS: the text, and how long this step may still take.
show_status() {
    local line left=$(($2 + $(seconds_behind)))
    line="step $begun of ${#planned[@]}: $1, $(minutes "$left") left"
    if on_terminal; then
        printf '\r\e[K%s' "${line:0:$(($(tput cols 2>/dev/null || echo 80) - 1))}"
    elif [ $((SECONDS - status_told)) -ge 30 ]; then
        status_told=$SECONDS
        printf '  %s\n' "$line"
    fi
}
clear_status() { if on_terminal; then printf '\r\e[K'; fi; }

# Shows a step's status each second, with the last line of its log, until it is killed or the shell that began it has ended.
watch_step() {
    local step=$1 log=$2 expected left last
    expected=$(seconds_of "$step")
    status_told=$SECONDS
    while sleep 1 && kill -0 $$ 2>/dev/null; do
        last=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' || true)
        left=$((expected - SECONDS + step_began))
        show_status "$(title_of "$step")${last:+: ${last:0:60}}" $((left > 0 ? left : 0))
    done
}

# run_step STEP COMMAND...: a command of a step, quietly, with a status line.
run_step() {
    local step=$1 log=$PWD/.deps/log/$1.txt watcher failed=''
    shift
    mkdir -p .deps/log
    : >"$log"
    watch_step "$step" "$log" 2>/dev/null &
    watcher=$!
    # shellcheck disable=SC2064 # this watcher
    trap "kill $watcher 2>/dev/null || true" EXIT
    "$@" >"$log" 2>&1 </dev/null || failed=yes
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    trap - EXIT
    clear_status
    [ -z "$failed" ] || fail_with "$log" "$@"
}

# Reads what ninja prints ("[done/all seconds] what"), keeps it in a log and shows how far it is. What is no such line is a warning or an error, and
# is printed; CMake's own lines are not.
show_ninja() {
    local step=$1 log=$2 line rest='' done_ all=0 spent=0 left=0 text='' skip='' status
    : >"$log"
    status_told=$SECONDS
    while true; do
        status=0
        IFS= read -r -t 1 line || status=$?
        [ "$status" -le 128 ] && [ "$status" != 0 ] && break
        rest+=$line # a line may come in pieces
        if [ "$status" = 0 ]; then
            line=$rest rest=''
            printf '%s\n' "$line" >>"$log"
            if [[ $line == *"] Re-"*"ing "* ]]; then
                : # which files there are, and CMake again: no part of the work
            elif [[ $line =~ ^\[([0-9]+)/([0-9]+)\ ([0-9]+)[.0-9]*\] ]]; then
                done_=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]} spent=${BASH_REMATCH[3]}
                left=$((done_ > 2 ? spent * (all - done_) / done_ : $(seconds_of "$step")))
                text="$done_ of $all"
            elif [[ $line == *"GLOB mismatch"* ]]; then
                clear_status
                say "Files were added or removed: configuring again"
            elif [[ $line == FAILED:* ]]; then
                clear_status
                printf '%s\n' "$line"
                skip=yes # the command: it stands in the log
            elif [ -n "$skip" ]; then
                skip=
            elif [[ ! $line =~ ^(-- |ninja: no work|ninja: build stopped|ninja: Entering|$) ]]; then
                clear_status
                printf '%s\n' "$line"
            fi
        fi
        [ -z "$text" ] || show_status "$(title_of "$step"): $text" "$left"
    done
    clear_status
    if [ "$all" -ge 40 ]; then # else it compiled what had changed, which says nothing about a whole build
        mkdir -p .deps/seconds
        echo "$spent" >".deps/seconds/$step"
    fi
}
