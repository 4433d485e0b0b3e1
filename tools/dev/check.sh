# shellcheck shell=bash
# ./dev check and ./dev fmt: what is to be right before a commit.

cpp_files() { find src bench fuzz -name '*.h' -o -name '*.cc' | sort; }

# The .cc files that differ from the last commit, and those beside a changed header.
changed_files() {
    git status --porcelain --no-renames -- src | awk '$1 != "D" { print $2 }' |
        while read -r file; do
            case $file in
                *.h) [ ! -e "${file%.h}.cc" ] || echo "${file%.h}.cc" ;;
                *.cc) echo "$file" ;;
                */) find "$file" -name '*.cc' ;;
            esac
        done | sort -u
}

check() {
    local failed='' files
    setup
    apt_install "check" "${packages_check[@]}"
    quietly configure-lint cmake --preset lint

    say "Borders"
    test/stages/house/run | grep -v '^ok' || [ "${PIPESTATUS[0]}" = 0 ] || failed=yes
    say "Layout (./dev fmt puts it right)"
    cpp_files | xargs -r clang-format-19 --dry-run -Werror || failed=yes
    say "Shell"
    shellcheck -xa dev || failed=yes # with tools/dev/*.sh, which it reads
    grep -lE '^#!.*\b(ba)?sh$' .ci/run test/run test/lib/* test/stages/*/* bench/run fuzz/run 2>/dev/null | xargs shellcheck -x || failed=yes
    if [ "${1:-}" = --all ]; then files=$(cpp_files | grep '\.cc$'); else files=$(changed_files); fi
    # Tests are left out: GoogleTest's macros take a minute a file and hold nothing to find.
    files=$(grep -v '_test\.cc$' <<<"$files" || true)
    say "clang-tidy: $(grep -c . <<<"$files" || true) files"
    { grep . <<<"$files" || true; } | xargs -r -n 1 -P "$(jobs)" clang-tidy-19 -p build/lint --extra-arg=-Wno-unknown-warning-option --quiet 2>/dev/null || failed=yes
    [ -z "$failed" ] || die "the check found something"
    say "Clean"
}

format() {
    setup
    apt_install "check" "${packages_check[@]}"
    if [ $# -gt 0 ]; then clang-format-19 -i "$@"; else cpp_files | xargs -r clang-format-19 -i; fi
}
