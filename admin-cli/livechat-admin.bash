# Bash completion of livechat-admin(1).
_livechat_admin() {
    local cur prev words cword
    _init_completion || return

    local common='--config --set --json --yes --defaults-file --db-user --db-password-file --migrations --help'
    local commands='setup doctor migrate agent token ban session export import erase purge stats tail restore-finished'
    case $prev in
        -c | --config | --defaults-file | --db-password-file | --password-file | --agent-password-file | -o | --output)
            _filedir
            return
            ;;
        --migrations | --nginx)
            _filedir -d
            return
            ;;
        --format)
            mapfile -t COMPREPLY < <(compgen -W 'json html jsonl' -- "$cur")
            return
            ;;
        --role)
            mapfile -t COMPREPLY < <(compgen -W 'agent supervisor' -- "$cur")
            return
            ;;
        --scopes)
            mapfile -t COMPREPLY < <(compgen -W 'sessions read send close visitor' -- "$cur")
            return
            ;;
        --set | --db-user | --days | --hours | --limit | --last | --lock-wait | --reason | --agent | --web-user | --database-*)
            return
            ;;
    esac

    # The command and its subcommand: the first two words that are neither options nor values of one.
    local command='' subcommand='' word i
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        case $word in
            -c | --config | --set | --defaults-file | --db-user | --db-password-file | --migrations) ((i++)) ;;
            -*) ;;
            *)
                if [[ -z $command ]]; then
                    command=$word
                else
                    subcommand=$word
                    break
                fi
                ;;
        esac
    done

    local subcommands='' options=''
    case $command in
        '') subcommands=$commands ;;
        migrate) subcommands='status plan apply' ;;
        agent) subcommands='add passwd role disable enable remove list' ;;
        token) subcommands='create list revoke' ;;
        ban) subcommands='add list remove' ;;
        session) subcommands='list show close' ;;
    esac
    case "$command $subcommand" in
        'setup '*) options='--plan --agent --agent-password-file --no-agent --no-start --database-name --database-user --database-socket --database-host --database-port' ;;
        'doctor '*) options='--nginx --web-user' ;;
        'migrate apply') options='--lock-wait' ;;
        'agent add') options='--role --password-file' ;;
        'agent passwd') options='--password-file' ;;
        'agent role') options='--role' ;;
        'token create') options='--scopes --agent --days' ;;
        'token revoke') options='--agent --client' ;;
        'ban add') options='--reason --hours' ;;
        'session list') options='--closed --limit' ;;
        'session show' | 'tail '*) options='--last' ;;
        'export '*) options='--all --format --output' ;;
        'import '*) options='--dry-run' ;;
        'erase '*) options='--anonymous' ;;
        'purge '*) options='--days --closed-only --dry-run' ;;
    esac

    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$common $options" -- "$cur")
    elif [[ -n $subcommands && -z $subcommand ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$subcommands" -- "$cur")
    elif [[ "$command $subcommand" == 'ban add' ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'address client' -- "$cur")
    elif [[ $command == import ]]; then
        _filedir
    fi
} && complete -F _livechat_admin livechat-admin
