# shellcheck shell=bash
# Java's jars, fetched by Maven and compared with their list.

# The plugin by its version: without one Maven takes whatever is newest.
maven_copy=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies

# The jars and archives that the pom.xml of a folder names, and those that these need, in .deps/jars/<name of the folder>: those of its
# jars.sha256, to the byte.
maven_install() {
    local name jars locked
    name=$(basename "$1")
    jars=.deps/jars/$name
    locked=$(cat "$1/pom.xml" "$1/jars.sha256")
    done_before "maven-$name" "$locked" && return 0
    say "Fetching with Maven into $jars: what $1/pom.xml names"
    rm -rf "$jars"
    begin_step "maven-$name"
    run_step "maven-$name" mvn -B -ntp --strict-checksums -f "$1/pom.xml" "$maven_copy" -DoutputDirectory="$root/$jars" -DincludeScope=runtime
    end_step "maven-$name"
    if ! (cd "$jars" && find . -type f ! -name '*.pom' -printf '%f\0' | LC_ALL=C sort -z | xargs -0 sha256sum --) | diff "$1/jars.sha256" - >&2; then
        rm -rf "$jars"
        die "Maven brought other jars than $1/jars.sha256 lists; nothing of them is kept. After a change of $1/pom.xml: ./dev lock jars"
    fi
    mark_done "maven-$name" "$locked"
}
