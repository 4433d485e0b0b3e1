# shellcheck shell=bash
# Programs in Go, and a Go that can build them.

# Where the system's Go is too old for the SDK's module: the toolchain, and what `go mod download -json` calls its Sum.
go_toolchain=1.24.2
# A machine without one gets no toolchain.
declare -A go_toolchain_sums=(
    [linux-amd64]=h1:R9IIB2RUnzzL1V20iFM8ThvETQpC28HLmNVkchhyjb0=
)

# A Go that can build the module in the current folder: the system's, from apt where there is none, or one that is fetched with it, as any
# module is. Says which; nothing where there is none to be had.
find_go() {
    local machine module needed sum
    if ! command -v go >/dev/null && command -v apt-get >/dev/null; then
        refresh_package_lists
        offered golang-go && (cd "$root" && apt_install "build with Go" golang-go >&2)
    fi
    command -v go >/dev/null || return 0
    needed=go$(awk '$1 == "go" { print $2 }' go.mod)
    [ "$(printf '%s\n' "$needed" "$(GOTOOLCHAIN=local go env GOVERSION)" | sort -V | head -n 1)" = "$needed" ] && echo go && return 0
    machine=$(go env GOOS)-$(go env GOARCH)
    module=golang.org/toolchain@v0.0.1-go$go_toolchain.$machine
    [ -n "${go_toolchain_sums[$machine]:-}" ] || return 0
    say "This Go ($(GOTOOLCHAIN=local go env GOVERSION)) is too old: fetching $go_toolchain" >&2
    sum=$(GOFLAGS=-modcacherw go mod download -json "$module" | sed -n 's/.*"Sum": "\(.*\)".*/\1/p') || return 0
    [ "$sum" = "${go_toolchain_sums[$machine]}" ] || die "the Go that was fetched is not the one that tools/dev/go.sh names: $module has the sum $sum"
    module=$(go env GOMODCACHE)/$module
    chmod +x "$module"/bin/* "$module"/pkg/tool/*/* # a module's files have no such bit
    echo "$module/bin/go"
}

# The program of a folder with a go.mod, in .deps/go/<name of the folder above it>. Without a Go there is none, and the stage says so.
go_build() {
    local name go
    name=$(basename "$(dirname "$1")")
    done_before "go-$name" "$(cat "$1"/go.* "$1"/*.go)" && return 0
    say "Building $1 with Go"
    rm -f ".deps/go/$name"
    go=$(cd "$1" && find_go)
    [ -n "$go" ] || return 0
    begin_step "go-$name"
    run_step "go-$name" env GOTOOLCHAIN=local "$go" build -C "$1" -o "$root/.deps/go/$name" . # -C: since Go 1.20
    end_step "go-$name"
    mark_done "go-$name" "$(cat "$1"/go.* "$1"/*.go)"
}
