# shellcheck shell=bash
# Packages of the system: which there are to be, and installing them with apt.

# To build and run. libboost: 1.81 or later is needed; Debian 12 calls it by number, others by its plain name.
packages_build=(
    ca-certificates python3 python3-venv
    g++ cmake ninja-build ccache mold
    "libboost1.81-dev|libboost-dev" zlib1g-dev libzstd-dev libzip-dev libsqlite3-dev libisal-dev librdkafka-dev libfmt-dev libspdlog-dev
    libcli11-dev libtomlplusplus-dev libssl-dev libsimdjson-dev libcctz-dev libcurl4-openssl-dev libthrift-dev thrift-compiler tzdata
)
packages_tests=(libgtest-dev)
packages_benchmarks=(libbenchmark-dev)
packages_sanitizers=(clang-19 libclang-rt-19-dev llvm-19)
packages_check=(clang-19 clang-format-19 clang-tidy-19 shellcheck)

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
offered() { [[ $(apt-cache policy "$1") =~ Candidate:\ [^\(] ]]; } # "(none)": known only by hearsay

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        die "please run as root: $*"
    fi
}

refreshed=
refresh_package_lists() {
    [ -z "$refreshed" ] || return 0
    refreshed=yes
    quietly apt-update as_root apt-get update -q
}

# ask_for_root WHAT: the password, before a status line could write over the question.
ask_for_root() { [ "$(id -u)" = 0 ] || ! command -v sudo >/dev/null || sudo -v || die "only root may $1"; }

# The packages of a list that are not installed, one a line.
missing_packages() {
    local package choice
    for package; do
        for choice in ${package//|/ }; do
            installed "$choice" && continue 2
        done
        echo "$package"
    done
}

# apt_install REASON PACKAGE...; a package may be written "this|or-that": the first that is offered is taken.
apt_install() {
    local reason=$1 step=packages package choice missing=()
    shift
    done_before "apt-$reason" "$*" && return 0
    if ! command -v apt-get >/dev/null; then
        say "No apt here. To $reason, this must be present under the names of your system: $*"
        mark_done "apt-$reason" "$*"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -gt 0 ]; then
        ask_for_root "install packages"
        refresh_package_lists
        local chosen=()
        for package in "${missing[@]}"; do
            for choice in ${package//|/ }; do
                offered "$choice" && break
            done
            chosen+=("$choice")
        done
        say "Installing with apt, to $reason: ${chosen[*]}"
        [ "$reason" = build ] || step=apt-${reason//[ :\/]/-}
        begin_step "$step"
        run_step "$step" as_root apt-get install -qy --no-install-recommends "${chosen[@]}"
        end_step "$step"
    fi
    mark_done "apt-$reason" "$*"
}

# A root made by debootstrap has no /etc/hosts, and then not even localhost has an address.
name_localhost() {
    getent hosts localhost >/dev/null && return 0
    say "This system does not know localhost: naming it in /etc/hosts"
    printf '127.0.0.1\tlocalhost\n' | as_root tee -a /etc/hosts >/dev/null
}
