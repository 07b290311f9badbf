# shellcheck shell=bash disable=SC2034 # each script takes the lists that it needs
# The Debian 12 packages that livechat is built, run and tested with, and their installation. Uses: say.sh,
# $root (the repository).

# "package" or "package:command": if the command exists, from whatever source, the package is not needed.
readonly build_packages=(
    g++ cmake ninja-build ccache pkg-config
    libfcgi-dev libwebsocketpp-dev libasio-dev nlohmann-json3-dev libmariadb-dev
    libboost-test-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libexpected-dev libsodium-dev
)
# mariadb-server-core is the server without a system service.
readonly server_packages=(mariadb-client:mariadb nginx:nginx)
readonly private_database_packages=(mariadb-server-core:mariadbd)
# The files for browsers are built with packages from npm.
readonly client_packages=(nodejs:node npm:npm)
readonly test_packages=(
    curl:curl spawn-fcgi:spawn-fcgi clang-format:clang-format shellcheck:shellcheck php-cli:php php-mysql
    openssl:openssl chromium:chromium python3-socketio python3-aiohttp
    prometheus:promtool systemd:systemd-analyze
    groff-base:groff
    apache2-bin:apache2 haproxy:haproxy
    libjs-prototype libjs-mootools
)
# Also other web servers and proxies, for tests/wild/proxies.slow.mjs.
readonly proxy_packages=(caddy:caddy lighttpd:lighttpd varnish:varnishd)
readonly package_packages=(debhelper dpkg-dev fakeroot lintian:lintian rsync:rsync)
# For a bare Debian to install the package in.
readonly install_packages=(debootstrap:debootstrap iproute2:ip)
readonly bench_packages=(make:make wrk:wrk)
readonly fuzz_packages=(clang:clang++ libclang-rt-14-dev)

# The system folders with server programs are not in every user's PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# missing_packages PACKAGE[:COMMAND]...: prints the names of those that are not installed.
missing_packages() {
    local entry package command
    for entry in "$@"; do
        package=${entry%%:*} command=${entry#*:}
        if [[ $command != "$entry" ]] && command -v "$command" >/dev/null; then continue; fi
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
            printf '%s\n' "$package"
        fi
    done
}

# ensure_packages LOG PACKAGE[:COMMAND]...: installs what is missing, as root or through sudo, or ends
# the script with the command that an administrator has to run. Touches nothing if all are there.
ensure_packages() {
    local log=$1 missing as_root=()
    shift
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then return; fi
    if ! command -v apt-get >/dev/null; then
        fail "these Debian packages are missing, and there is no apt-get here:" "${missing[*]}"
    fi
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -v; then
            fail "these Debian packages are missing; as root, install them with:" \
                "apt-get install --no-install-recommends ${missing[*]}"
        fi
        as_root=(sudo)
    fi
    say "installing Debian packages${as_root[*]:+ (with sudo)}: ${missing[*]}"
    if ! "${as_root[@]}" bash "$root/scripts/lib/install-packages" "${missing[@]}" 2>&1 >"$log" |
        percent_steps "packages"; then
        show_log_end "$log"
        fail "the packages could not be installed (log: $log)"
    fi
}
