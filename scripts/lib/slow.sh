# shellcheck shell=bash
# The suites of scripts/test that take minutes: the programs under sanitizers, the full-length property
# test, fuzzing. Uses: say.sh, build.sh, $root, $work, and add(), run_suite() and program_suites() of
# scripts/test.

readonly sanitizers=(asan-ubsan tsan)
# The suites that exercise the whole daemon.
readonly sanitized_suites=(e2e conformance clients delivery)
readonly conversations=1000000
readonly fuzz_seconds=60

# sanitized_tests SANITIZER: whatever a sanitizer finds in any of the programs is in a file of its own, even
# if no test notices.
sanitized_tests() {
    local sanitizer=$1 reports=$work/$1 report found=0
    mkdir -p "$reports"
    build "$sanitizer" "$work/build.log" livechat-wsd livechat-fcgi livechat-admin sio-echo web
    export ASAN_OPTIONS="log_path='$reports/report':detect_stack_use_after_return=1:strict_string_checks=1:quarantine_size_mb=16"
    export UBSAN_OPTIONS="log_path='$reports/report':print_stacktrace=1"
    export TSAN_OPTIONS="log_path='$reports/report':second_deadlock_stack=1:suppressions='$root/tests/tsan.supp'"
    export LIVECHAT_SANITIZED=$sanitizer
    program_suites "$sanitizer" "${sanitized_suites[@]}"
    unset ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS LIVECHAT_SANITIZED

    for report in "$reports"/report.*; do
        [[ -e $report ]] || continue
        found=$((found + 1))
        show_log_end "$report" 60
    done
    add "reports ($sanitizer)" "$((found > 0))" "$((found == 0)) $found"
}

# Random conversations between both ends of the protocol, half of them on each of two processors.
property_test() {
    local half=$((conversations / 2)) status=0 shard shards=()
    build release "$work/build.log" unit_ws-daemon_transport
    say "== property test: $conversations conversations"
    for shard in 0 1; do
        LIVECHAT_SEED=$((shard * half + 1)) LIVECHAT_CONVERSATIONS=$half setpriv --pdeathsig TERM -- \
            "$root/build/release/tests/unit_ws-daemon_transport" --run_test=conversation \
            --log_level=message &
        shards+=($!)
    done
    for shard in "${shards[@]}"; do wait "$shard" || status=1; done
    add property "$status" "$((status == 0)) $status"
}

fuzz_all() {
    local status=0 all
    mapfile -t all < <("$root/scripts/fuzz" --list)
    run_suite "$root/scripts/fuzz" --seconds "$fuzz_seconds" || status=$?
    add fuzz "$status" "$((status == 0 ? ${#all[@]} : 0)) 0"
}
