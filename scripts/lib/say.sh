# shellcheck shell=bash
# The scripts' output: progress on standard output, failures on standard error.

say() {
    printf '%s\n' "$*"
}

# fail MESSAGE...: one line each on standard error, then the end of the script.
fail() {
    printf 'livechat: %s\n' "$1" >&2
    shift
    if (($# > 0)); then printf '          %s\n' "$@" >&2; fi
    exit 1
}

# show_log_end FILE [LINES]: its last lines, indented, and where the rest is.
show_log_end() {
    if [[ -s $1 ]]; then
        say "last lines of $1:"
        tail -n "${2:-15}" -- "$1" | sed 's/^/    /'
    else
        say "its log is empty: $1"
    fi
}

# percent_steps WORD: reads whole percentages, one per line, and prints one line for every ten. Other lines
# are passed on.
percent_steps() {
    local percent shown=0
    while read -r percent; do
        if [[ ! $percent =~ ^[0-9]+$ ]]; then
            printf '    %s\n' "$percent"
            continue
        fi
        if ((percent >= shown + 10)); then
            shown=$((percent / 10 * 10))
            printf '    %s: %d %%\n' "$1" "$shown"
        fi
    done
}
