# shellcheck shell=bash
# A first account for a new stack: the agent "demo", whose random password is shown once and not kept, and
# an API token for scripts in the state folder. Uses: say.sh, $state, $binaries.

# shellcheck disable=SC2034 # scripts/run looks for it in the output of a stack in the background
readonly demo_agent_made='created the agent "demo" (a supervisor)'

# Sets demo_password: the one passed to a stack in the background, or a new one.
new_demo_password() {
    demo_password=${LIVECHAT_DEMO_PASSWORD:-}
    if [[ -z $demo_password ]]; then demo_password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_'); fi
}

admin_program() {
    "$binaries/livechat-admin" --config "$state/livechat.toml" "$@"
}

# At the first start on a database without agents. Secrets never appear on a command line.
make_demo_agent() {
    local token_file=$state/agent-token password_file=$state/demo.password error
    if [[ -s $token_file ]]; then return; fi
    if [[ $(mariadb --defaults-file="$state/admin.cnf" -N -e 'SELECT COUNT(*) FROM agent') != 0 ]]; then return; fi
    new_demo_password
    (umask 077 && printf '%s\n' "$demo_password" >"$password_file")
    if ! error=$(admin_program agent add demo --role supervisor --password-file "$password_file" 2>&1); then
        rm -f -- "$password_file"
        fail "the agent \"demo\" cannot be created: $error"
    fi
    rm -f -- "$password_file"
    if ! (umask 077 && admin_program token create --agent demo --days 3650 >"$token_file.new"); then
        rm -f -- "$token_file.new"
        fail "the API token for scripts cannot be created"
    fi
    mv -f -- "$token_file.new" "$token_file"
    say "$demo_agent_made"
    # In the background this would go to a log: the script that started it prints it.
    if [[ -z ${LIVECHAT_DETACHED:-} ]]; then say "its password, shown only now: $demo_password"; fi
    say "an API token for scripts is in $token_file"
}
