# shellcheck shell=bash
# A bare Debian 12 with a database server and nginx, in which scripts/test --install tries the package. Uses:
# say.sh, $root (the repository).

readonly server_root_packages=(mariadb-server mariadb-client nginx-light procps)

# The mirror that this machine itself installs from.
own_mirror() {
    # shellcheck disable=SC2016 # the words are apt-get's
    apt-get indextargets 'Created-By: Packages' --format '$(REPO_URI) $(RELEASE)' |
        awk '$2 == "bookworm" { print $1; exit }'
}

# make_server_root FOLDER LOG: once; later runs copy it.
make_server_root() {
    local folder=$1 log=$2 mirror
    if [[ -e $folder/.complete ]]; then return; fi
    mirror=$(own_mirror)
    say "making a bare Debian 12 with MariaDB and nginx in $folder"
    rm -rf -- "$folder"
    if ! fill_server_root "$folder" "$mirror" >"$log" 2>&1; then
        show_log_end "$log"
        fail "the bare Debian could not be made (log: $log)"
    fi
    touch -- "$folder/.complete"
}

fill_server_root() {
    local folder=$1
    debootstrap --variant=minbase bookworm "$folder" "$2" || return
    # Nothing may start by itself in there.
    printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
    chmod 755 "$folder/usr/sbin/policy-rc.d"
    rm -rf -- "$folder"/etc/apt/{sources.list,sources.list.d,apt.conf.d}
    cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d "$folder/etc/apt/" || return
    cp -L /etc/resolv.conf /etc/hosts "$folder/etc/" || return
    # What the configuration of apt may name: certificates, for example.
    cp -rn /etc/ssl /usr/local/share/ca-certificates "$folder/etc/" 2>/dev/null
    in_root "$folder" apt-get -q update &&
        in_root "$folder" env DEBIAN_FRONTEND=noninteractive \
            apt-get -qy --no-install-recommends install systemd "${server_root_packages[@]}"
}

# in_root FOLDER COMMAND...: with a /proc of its own, which is gone afterwards.
in_root() {
    local folder=$1
    shift
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare --mount --propagation private -- \
        bash -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' - "$folder" "$@"
}
