# shellcheck shell=bash
# The database of a stack: a private MariaDB in the state folder, or one that is already running. Either
# way two option files for the `mariadb` client describe how to reach it. Uses: say.sh, $state, $run_dir.

# quote_option VALUE: as MariaDB's option files require it.
quote_option() {
    local value=${1//\\/\\\\}
    printf '"%s"' "${value//\"/\\\"}"
}

# write_options FILE SOCKET HOST PORT USER PASSWORD DATABASE; empty ones are left to the client.
write_options() {
    local file=$1 keys=(socket host port user password) i
    shift
    (
        umask 077
        {
            echo '[client]'
            for i in "${!keys[@]}"; do
                if [[ -n ${*:i+1:1} ]]; then
                    printf '%s=%s\n' "${keys[i]}" "$(quote_option "${*:i+1:1}")"
                fi
            done
            printf '[mysql]\ndatabase=%s\n' "$(quote_option "$6")"
        } >"$file.new"
    )
    mv -f -- "$file.new" "$file"
}

# The size the files are created with: another size makes the first start rewrite them.
readonly redo_log_size=16M

# The command of a private server. No TCP; durable as in production. A folder of its own for temporary
# tables: a starting server removes all that it finds there, including those of its neighbours in /tmp.
mariadb_command() {
    command=(mariadbd --no-defaults
        "--datadir=$state/data" "--tmpdir=$run_dir" "--socket=$run_dir/mariadb.sock" "--pid-file=$run_dir/mariadb.pid"
        --skip-networking --skip-name-resolve
        --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=128M "--innodb-log-file-size=$redo_log_size"
        --character-set-server=utf8mb4 --max-connections=300)
    if [[ -n ${binlog:-} ]]; then
        command+=("--log-bin=$state/data/binlog" --sync-binlog=1 --server-id=1)
    else
        command+=(--skip-log-bin)
    fi
    if ((EUID == 0)); then command+=(--user=root); fi
    command+=("${database_options[@]}") # the last option of a name counts
}

create_private_database() {
    if [[ -d $state/data ]]; then return; fi
    if [[ -n ${LIVECHAT_TEMPLATE:-} ]]; then
        copy_private_database
    else
        install_private_database
    fi
}

# The tests make many stacks: $LIVECHAT_TEMPLATE is a folder where the first one leaves a copy for the others.
copy_private_database() {
    {
        flock 6
        if [[ ! -d $LIVECHAT_TEMPLATE ]]; then
            install_private_database
            cp -a -- "$state/data" "$LIVECHAT_TEMPLATE.partial"
            mv -- "$LIVECHAT_TEMPLATE.partial" "$LIVECHAT_TEMPLATE"
        fi
    } 6>"$LIVECHAT_TEMPLATE.lock"
    if [[ ! -d $state/data ]]; then cp -a --reflink=auto -- "$LIVECHAT_TEMPLATE" "$state/data"; fi
}

install_private_database() {
    local log=$state/log/mariadb-install.log partial=$state/data.partial arguments
    say "creating the database files in $state/data"
    rm -rf -- "$partial"
    ln -sfn -- "$state" "$run_dir/state" # mariadb-install-db cannot handle spaces in a path
    arguments=(--no-defaults "--datadir=$run_dir/state/data.partial" "--tmpdir=$run_dir" --skip-test-db "--innodb-log-file-size=$redo_log_size"
        --innodb-flush-log-at-trx-commit=0 --auth-root-authentication-method=socket
        "--auth-root-socket-user=$(id -un)")
    if ((EUID == 0)); then arguments+=(--user=root); fi
    # These take effect when the files are created.
    local option
    for option in "${database_options[@]}"; do
        if [[ $option == --innodb-page-size=* || $option == --lower-case-table-names=* ]]; then arguments+=("$option"); fi
    done
    if ! (job mariadb-install-db "${arguments[@]}") >"$log" 2>&1; then
        show_log_end "$log"
        fail "the database files could not be created (log: $log)"
    fi
    mv -- "$partial" "$state/data"
}

# How to reach the private server: as its owner, and as the programs.
describe_private_database() {
    local password_file=$state/database.password
    if [[ ! -s $password_file ]]; then
        (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$password_file")
    fi
    write_options "$state/admin.cnf" "$run_dir/mariadb.sock" "" "" "$(id -un)" "" livechat
    database_toml="socket = $(toml_string "$run_dir/mariadb.sock")
name = \"livechat\"
user = \"livechat\"
password_file = $(toml_string "$password_file")"
}

# After the private server is up: creates its database, and an account with only the rights that the
# programs need there.
prepare_private_database() {
    mariadb --defaults-file="$state/admin.cnf" --database=mysql --batch \
        --init-command='SET autocommit = 1, tx_read_only = 0' <<SQL
CREATE DATABASE IF NOT EXISTS livechat CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS livechat@localhost;
ALTER USER livechat@localhost IDENTIFIED BY '$(<"$state/database.password")';
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON livechat.* TO livechat@localhost;
SQL
}

# use_running_database OWNER PROGRAMS: each a SOCKET_OR_DSN. Writes the option file for a server that is
# not ours and creates the database if it is missing. PROGRAMS may be empty: they use the owner's account.
use_running_database() {
    local error
    parse_database "$1"
    write_options "$state/admin.cnf" "$db_socket" "$db_host" "$db_port" "$db_user" "$db_password" "$db_name"
    if ! error=$(mariadb --defaults-file="$state/admin.cnf" --connect-timeout=10 -e 'SELECT 1' 2>&1); then
        if [[ $error != *'ERROR 1049 '* ]]; then fail "the database cannot be reached: $error"; fi
        say "creating the database $db_name"
        error=$(mariadb --defaults-file="$state/admin.cnf" --database= 2>&1 \
            -e "CREATE DATABASE IF NOT EXISTS \`${db_name//\`/\`\`}\` CHARACTER SET utf8mb4") ||
            fail "the database $db_name does not exist and cannot be created: $error"
    fi
    if [[ -n $2 ]]; then parse_database "$2"; fi
    (umask 077 && printf '%s' "$db_password" >"$state/database.password")
    database_toml="name = $(toml_string "$db_name")
user = $(toml_string "$db_user")"
    if [[ -n $db_password ]]; then
        database_toml+=$'\n'"password_file = $(toml_string "$state/database.password")"
    fi
    if [[ -n $db_socket ]]; then
        database_toml+=$'\n'"socket = $(toml_string "$db_socket")"
    else
        database_toml+=$'\n'"host = $(toml_string "$db_host")"$'\n'"port = $db_port"
    fi
}

# parse_database SOCKET_OR_DSN: sets db_socket, db_host, db_port, db_user, db_password and db_name.
# "/run/mysqld/mysqld.sock", or "mysql://user:password@host:port/database?socket=PATH", of which everything
# but the host is optional.
parse_database() {
    db_socket='' db_host='' db_port=3306 db_user=$(id -un) db_password='' db_name=livechat
    if [[ $1 == /* ]]; then
        db_socket=$1
        return
    fi
    local pattern='^mysql://(([^:@/]*)(:([^@/]*))?@)?([^:/?@]+|\[[0-9a-fA-F:]+\])(:([0-9]+))?(/([^?/]*))?(\?socket=([^&]+))?$'
    if [[ ! $1 =~ $pattern ]]; then
        fail "--database takes the path of a socket, or mysql://USER:PASSWORD@HOST:PORT/NAME," \
            "where special characters are percent-encoded and ?socket=PATH may follow"
    fi
    if [[ -n ${BASH_REMATCH[2]} ]]; then db_user=$(percent_decode "${BASH_REMATCH[2]}"); fi
    db_password=$(percent_decode "${BASH_REMATCH[4]}")
    db_host=${BASH_REMATCH[5]//[\[\]]/}
    if [[ -n ${BASH_REMATCH[7]} ]]; then db_port=${BASH_REMATCH[7]}; fi
    if [[ -n ${BASH_REMATCH[9]} ]]; then db_name=$(percent_decode "${BASH_REMATCH[9]}"); fi
    if [[ -n ${BASH_REMATCH[11]} ]]; then
        db_socket=$(percent_decode "${BASH_REMATCH[11]}")
        db_host='' db_port=''
    fi
}

percent_decode() {
    local text=${1//\\/\\\\}
    printf '%b' "${text//%/\\x}"
}
