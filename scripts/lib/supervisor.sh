# shellcheck shell=bash
# Starts the programs of a stack, keeps them running and ends them. Uses: say.sh, state.sh, $state.
#
# Each program leads a process group of its own, so that Ctrl-C at the terminal reaches only this script,
# and the kernel tells it to end if the script is killed. "$state/control" is a pipe for commands, one per
# line:
#   hold NAME     do not restart NAME when it ends
#   start NAME    restart NAME now, and again whenever it ends
# (`pid/NAME.pid` is there for signals.) Descriptor 9 is that pipe; children get "9>&-".

declare -A program_pid=() program_since=() program_falls=() program_held=() program_due=()
unfinished='' # of a command
programs=() # in the order in which they were started

# A program that ends this soon after its start, this often in a row, will not come up.
readonly quick_seconds=2 quick_falls=5

# launch NAME: starts what NAME_command puts into the array `command` (wsd_a_command for wsd-a).
launch() {
    local name=$1 command=()
    "${name//-/_}_command"
    setsid setpriv --pdeathsig TERM -- "${command[@]}" </dev/null >>"$state/log/$name.log" 2>&1 8>&- 9>&- &
    program_pid[$name]=$!
    program_since[$name]=$SECONDS
    printf '%d\n' "$!" >"$state/pid/$name.pid"
}

# start_program NAME CHECK...: launches it and waits until CHECK succeeds, or ends the stack.
start_program() {
    local name=$1 left=600 how
    shift
    say "starting $name"
    programs+=("$name")
    : >>"$state/log/$name.log"
    launch "$name"
    until "$@"; do
        if ! alive "$name"; then
            collect "$name"
            give_up "$name $how before it was ready" "$name"
        fi
        if ((left-- == 0)); then give_up "$name was not ready within a minute" "$name"; fi
        nap 0.1
    done
}

# alive NAME: whether it runs. One that has ended counts as ended before this shell has collected it.
alive() {
    local stat
    { read -r stat <"/proc/${program_pid[$1]}/stat"; } 2>/dev/null && [[ ${stat##*) } != [ZX]* ]]
}

# collect NAME: sets `how` to the way in which NAME, which is not alive, ended.
collect() {
    local status=0
    wait "${program_pid[$1]}" 2>/dev/null || status=$?
    if ((status > 128)); then
        how="was killed by SIG$(kill -l "$((status - 128))")"
    else
        how="ended with status $status"
    fi
}

# give_up WHY NAME: ends the whole stack after NAME failed.
give_up() {
    printf 'livechat: %s\n' "$1" >&2
    show_log_end "$state/log/$2.log" >&2
    stop_stack
    exit 1
}

# supervise: until a signal ends this script, or a program cannot be kept running.
supervise() {
    local name
    while :; do
        obey 0.2
        for name in "${programs[@]}"; do
            if [[ -n ${program_pid[$name]} ]]; then
                if ! alive "$name"; then fallen "$name"; fi
            elif [[ -z ${program_held[$name]:-} ]] && ((SECONDS >= program_due[$name])); then
                launch "$name"
            fi
        done
    done
}

# obey SECONDS: waits that long for a command, then executes all that are there. The time may run out in the
# middle of a line: the next call reads the rest.
obey() {
    local line verb name wait=$1
    while read -r -t "$wait" -u 9 line; do
        wait=0.001
        read -r verb name <<<"$unfinished$line"
        unfinished=''
        case $verb in
            hold) program_held[$name]=yes ;;
            start) program_held[$name]='' program_due[$name]=0 ;;
        esac
    done
    unfinished+=$line
}

# fallen NAME: records its end and plans what follows.
fallen() {
    local name=$1 how pid=${program_pid[$1]}
    obey 0.001 # "hold" may have come before the end, but is still unread
    collect "$name"
    kill -KILL -- "-$pid" 2>/dev/null || true # its children, if it left any behind
    program_pid[$name]=''
    rm -f -- "$state/pid/$name.pid"
    if [[ -n ${program_held[$name]:-} ]]; then return; fi
    # One that was killed on purpose would have kept running.
    if [[ $how == *SIGKILL ]] || ((SECONDS - program_since[$name] > quick_seconds)); then
        program_falls[$name]=0
    fi
    program_falls[$name]=$((${program_falls[$name]:-0} + 1))
    if ((program_falls[$name] > quick_falls)); then
        give_up "$name $how again and again: giving up" "$name"
    fi
    program_due[$name]=$((SECONDS + program_falls[$name] - 1))
    say "$name $how: starting it again"
    show_log_end "$state/log/$name.log"
}

# end_programs SECONDS NAME...: asks them to end, and kills those that have not ended after this time.
end_programs() {
    local seconds=$1 name left
    shift
    for name in "$@"; do
        if [[ -n ${program_pid[$name]:-} ]]; then kill -TERM "${program_pid[$name]}" 2>/dev/null || true; fi
    done
    left=$((seconds * 10))
    for name in "$@"; do
        [[ -n ${program_pid[$name]:-} ]] || continue
        while alive "$name" && ((left-- > 0)); do nap 0.1; done
        if alive "$name"; then say "$name does not end: killing it"; fi
        kill -KILL -- "-${program_pid[$name]}" 2>/dev/null || true
        program_pid[$name]=''
    done
}

# stop_stack: the serving programs first, nginx once they have told their clients, the database last.
stop_stack() {
    local name serving=() database=()
    trap '' TERM HUP
    trap 'kill_stack; exit 1' INT
    if ((${#programs[@]} > 0)); then say "stopping"; fi
    for name in "${programs[@]}"; do
        case $name in
            nginx) ;;
            mariadb) database=(mariadb) ;;
            *) serving+=("$name") ;;
        esac
    done
    end_programs 15 "${serving[@]}"
    end_programs 5 nginx
    end_programs 60 "${database[@]}"
    close_state
}

# kill_stack: for a second Ctrl-C.
kill_stack() {
    local name
    for name in "${programs[@]}"; do
        if [[ -n ${program_pid[$name]:-} ]]; then kill -KILL -- "-${program_pid[$name]}" 2>/dev/null || true; fi
    done
    close_state
}
