# shellcheck shell=bash
# ./dev sbom and ./dev lock: what the program is made of, and what is fetched.

sbom() {
    setup
    build release tidemark >&2
    TIDEMARK="$PWD/build/release/tidemark" exec .deps/venv/bin/python -B supply/sbom.py "$@"
}

lock() {
    setup
    pip_install uv
    case " ${*:-jars} " in *" jars "*) apt_install "fetch jars" maven ;; esac
    MAVEN_COPY=$maven_copy exec .deps/venv/bin/python -B supply/lock.py "$@"
}
