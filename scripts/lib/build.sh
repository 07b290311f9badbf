# shellcheck shell=bash
# Building the programs, and fetching npm packages. Uses: say.sh, job.sh, $root. One build of a preset runs
# at a time: others wait for its lock.

# with_lock NAME COMMAND...: runs the command while holding NAME, exclusively in this checkout.
with_lock() {
    local name=$1
    shift
    mkdir -p "$root/build"
    {
        if ! flock -n 6; then
            say "waiting for another run in this checkout ($name)"
            flock 6
        fi
        "$@" 6>&-
    } 6>"$root/build/.$name.lock"
}

# build PRESET LOG TARGET...: configures and builds; without a TARGET, all of them.
build() {
    with_lock "build-$1" build_unlocked "$@"
}

build_unlocked() {
    local preset=$1 log=$2 targets=()
    shift 2
    if (($# > 0)); then targets=(--target "$@"); fi
    say "building ${*:-everything} ($preset)"
    : >"$log"
    if ! (job cmake -S "$root" --preset "$preset") >>"$log" 2>&1; then
        show_log_end "$log"
        fail "the build could not be configured (log: $log)"
    fi
    # Ninja prints "[12/80] …" for every step.
    if ! job cmake --build "$root/build/$preset" "${targets[@]}" 2>&1 | tee -a "$log" |
        sed -nu 's/^\[\([0-9]*\)\/\([0-9]*\)\].*/\1 \2/p' |
        while read -r done_steps steps; do echo $((100 * done_steps / steps)); done |
        percent_steps "built"; then
        show_log_end "$log" 40
        fail "the build failed (log: $log)"
    fi
}

# npm_packages FOLDER LOG: node_modules as FOLDER/package-lock.json says; does nothing if it already is.
npm_packages() {
    with_lock npm npm_packages_unlocked "$@"
}

npm_packages_unlocked() {
    local folder=$1 log=$2 stamp=$1/node_modules/.installed-lock.json
    if cmp -s "$folder/package-lock.json" "$stamp"; then return; fi
    say "fetching the packages of ${folder#"$root/"}/package.json from npm"
    (job npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --cache "$root/build/.npm") \
        >"$log" 2>&1 || return
    cp "$folder/package-lock.json" "$stamp"
}
