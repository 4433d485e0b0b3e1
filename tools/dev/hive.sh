# shellcheck shell=bash
# ./dev hive.

hive() { rig hive Hive "$@"; }
