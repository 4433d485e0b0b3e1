# shellcheck shell=bash
# What a stage of tests asks for in its file `needs`.

# What a stage asks for in test/stages/<stage>/needs, one a line: "apt PACKAGE", "pip NAME" (supply/python/NAME.txt), "pip-apart NAME", "npm FOLDER" (npm ci),
# "maven FOLDER" (the jars of its pom.xml), "go FOLDER" (the program of its go.mod), "as FOLDER" (what that folder of test/ asks for); with "full" before it only for the long form of the tests. A package that
# this system does not offer at all leaves a reason behind, and the stage is skipped aloud.
meet_needs() { # STAGE [FOLDER of test/]
    rm -f "build/test/$1.unmet"
    meet_needs_of "${2:-stages/$1}" "$1"
}

# meet_needs_of FOLDER STAGE: the lines of test/FOLDER/needs, for this stage.
meet_needs_of() {
    local stage=$2 kind what
    [ -e "test/$1/needs" ] || return 0
    while read -r kind what; do
        if [ "$kind" = full ]; then
            [ -n "${full:-}" ] || continue # of test_all
            read -r kind what <<<"$what"
        fi
        case $kind in
            apt)
                if command -v apt-get >/dev/null && ! installed "$what"; then
                    refresh_package_lists
                    offered "$what" || {
                        echo "this system has no package $what" >"build/test/$stage.unmet"
                        continue
                    }
                fi
                apt_install "test $stage: $what" "$what"
                ;;
            pip) pip_install "$what" ;;
            pip-apart) pip_install_apart "$what" ;;
            npm)
                [ "$what/node_modules/.package-lock.json" -nt "$what/package-lock.json" ] && continue
                npm_ci "$what" "npm-$stage"
                touch "$what/node_modules/.package-lock.json"
                ;;
            maven) [ -e "build/test/$stage.unmet" ] || maven_install "$what" ;;
            go) go_build "$what" ;;
            as) meet_needs_of "$what" "$stage" ;;
            '' | '#'*) ;;
            *) die "test/$1/needs: what is \"$kind\"?" ;;
        esac
    done <"test/$1/needs"
}

# rig NAME WHAT WORD...: servers for people, as test/lib/NAME starts them; WHAT is missing where its needs cannot be met.
rig() {
    local name=$1 what=$2
    shift 2
    case ${1:-help} in help | -h | --help) exec python3 -B "test/lib/$name/developer.py" --help ;; esac
    setup
    mkdir -p build/test
    case ${1:-} in up)
        meet_needs "$name" "lib/$name"
        [ ! -e "build/test/$name.unmet" ] || die "no $what here: $(cat "build/test/$name.unmet")"
        ;;
    esac
    exec .deps/venv/bin/python -B "test/lib/$name/developer.py" "$@"
}
