# shellcheck shell=bash
# ./dev hive.

hive() {
    case ${1:-help} in help | -h | --help) exec python3 -B test/lib/hive/developer.py --help ;; esac
    setup
    mkdir -p build/test
    case ${1:-} in up)
        meet_needs hive lib/hive
        [ ! -e build/test/hive.unmet ] || die "no Hive here: $(cat build/test/hive.unmet)"
        ;;
    esac
    exec .deps/venv/bin/python -B test/lib/hive/developer.py "$@"
}
