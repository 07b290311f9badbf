# shellcheck shell=bash
# The state folder of a stack, its current owner, and what a killed stack has left behind.
# Uses: say.sh, $state.
#
#   data/ database.password admin.cnf   the private database, and how to reach it
#   agent-token                         an API token for scripts, see demo_agent.sh
#   livechat.toml nginx/                generated at every start
#   log/ pid/                           one file per program
#   run -> /tmp/livechat-XXXXXX         sockets: their paths must be short, and free of spaces
#   lock                                held by the running stack
#   control                             commands to the running stack, see supervisor.sh
#   url                                 where it answers, once it does

# open_state: creates the folder and locks it for this process, or fails with the URL of the stack that has
# it. Descriptor 8 is the lock; children get "8>&-".
open_state() {
    mkdir -p -- "$state/log" "$state/pid" || fail "the state folder cannot be created: $state"
    if [[ ! -O $state ]]; then
        fail "the state folder belongs to another user: $state" "choose another one with --state DIR"
    fi
    chmod 700 -- "$state"
    exec 8>>"$state/lock"
    if ! flock -n 8; then
        local url=''
        if [[ -s $state/url ]]; then url=" ($(<"$state/url"))"; fi
        fail "a stack is running in $state already$url" \
            "stop it with scripts/run --stop --state DIR, or start another with --port and --state"
    fi
    recover_state
    local log
    for log in "$state"/log/*.log; do
        if [[ -s $log ]]; then mv -f -- "$log" "$log.1"; fi
    done
    run_dir=$(mktemp -d /tmp/livechat-XXXXXX)
    ln -sfn -- "$run_dir" "$state/run"
}

# close_state: removes what is no longer true when a stack has ended.
close_state() {
    if [[ -n ${run_dir:-} ]]; then rm -rf -- "$run_dir"; fi
    rm -f -- "$state/run" "$state/control" "$state/url" "$state"/pid/*.pid
}

# recover_state: ends the processes of a stack whose supervisor was killed, and removes its sockets.
# Only with the lock held.
recover_state() {
    local file pid left
    for file in "$state"/pid/*.pid; do
        [[ -s $file ]] || continue
        pid=$(<"$file")
        if ! is_ours "$pid"; then continue; fi
        say "ending what was left of an earlier stack: ${file##*/} ($pid)"
        kill -TERM -- "-$pid" 2>/dev/null || true
        left=300
        while ((left-- > 0)) && is_ours "$pid"; do nap 0.1; done
        kill -KILL -- "-$pid" 2>/dev/null || true
    done
    if [[ -L $state/run ]]; then
        file=$(readlink -- "$state/run")
        if [[ $file == /tmp/livechat-?????? && -O $file && ! -L $file ]]; then rm -rf -- "$file"; fi
    fi
    rm -f -- "$state/run" "$state/control" "$state/url" "$state"/pid/*.pid
}

# is_ours PID: whether a program that this state folder's stack started is alive in process group PID.
# Pids are reused; the command lines of ours contain the state folder.
is_ours() {
    local stat fields
    [[ $1 =~ ^[0-9]+$ ]] || return 1
    for stat in /proc/[0-9]*/stat; do
        # "pid (name) state parent group …", where the name may contain anything
        # A process may end meanwhile. Not $(<…): bash 5.2 ends the script when that cannot read the file.
        { IFS= read -r fields <"$stat"; } 2>/dev/null || continue
        read -r _ _ fields _ <<<"${fields##*) }"
        if [[ $fields == "$1" ]] && grep -qF -- "$state/" "${stat%stat}cmdline" 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

# nap SECONDS: waits without a process; traps still run meanwhile.
nap() {
    if [[ -z ${nap_fd:-} ]]; then exec {nap_fd}<> <(:); fi
    read -r -t "$1" -u "$nap_fd" || true
}
