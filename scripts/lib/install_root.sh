# shellcheck shell=bash
# A bare Debian 12 with a database server and nginx, in which scripts/test --install tests the package, and
# the package of the previous version, which is upgraded there. Uses: say.sh, $root (the repository).

readonly server_root_packages=(systemd dbus mariadb-server mariadb-client nginx-light procps)

# The mirror that this machine itself installs from.
own_mirror() {
    # shellcheck disable=SC2016 # the words are apt-get's
    apt-get indextargets 'Created-By: Packages' --format '$(REPO_URI) $(RELEASE)' |
        awk '$2 == "bookworm" { print $1; exit }'
}

# make_server_root FOLDER LOG: once; later runs copy it.
make_server_root() {
    local folder=$1 log=$2 mirror
    if [[ $(cat "$folder/.complete" 2>/dev/null) == "${server_root_packages[*]}" ]]; then return; fi
    mirror=$(own_mirror)
    say "creating a bare Debian 12 with MariaDB and nginx in $folder"
    rm -rf -- "$folder"
    if ! fill_server_root "$folder" "$mirror" >"$log" 2>&1; then
        show_log_end "$log"
        fail "the bare Debian could not be created (log: $log)"
    fi
    echo "${server_root_packages[*]}" >"$folder/.complete"
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
    # What apt's configuration may refer to: certificates, for example.
    cp -rn /etc/ssl /usr/local/share/ca-certificates "$folder/etc/" 2>/dev/null
    # Everything up to date, so that later only livechat is left to upgrade.
    in_root "$folder" apt-get -q update &&
        in_root "$folder" env DEBIAN_FRONTEND=noninteractive apt-get -qy dist-upgrade &&
        in_root "$folder" env DEBIAN_FRONTEND=noninteractive \
            apt-get -qy --no-install-recommends install "${server_root_packages[@]}"
}

# in_root FOLDER COMMAND...: with a /proc of its own, which is gone afterwards.
in_root() {
    local folder=$1
    shift
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare --mount --propagation private -- \
        bash -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' - "$folder" "$@"
}

# fetch_dependencies FOLDER LOG PACKAGE...: puts what the packages need and recommend into apt's cache there, so
# that they can be installed without a network.
fetch_dependencies() {
    local folder=$1 log=$2 package
    shift 2
    for package in "$@"; do
        cp -- "$package" "$folder/root/wanted.deb"
        if ! in_root "$folder" env DEBIAN_FRONTEND=noninteractive apt-get -qy \
            --download-only install /root/wanted.deb >"$log" 2>&1; then
            show_log_end "$log"
            fail "what the package needs could not be fetched (log: $log)"
        fi
        rm -f -- "$folder/root/wanted.deb"
    done
}

# The newest state of this tree in which the package still had the previous version: prints its commit, or nothing if
# git knows none.
previous_commit() {
    local version introduced
    # shellcheck disable=SC2154 # root: of the script that reads this file
    version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$root/packaging/debian/changelog")
    introduced=$(git -C "$root" log --format=%H -S"livechat ($version)" -- packaging/debian/changelog 2>/dev/null |
        tail -n 1)
    if [[ -n $introduced ]]; then git -C "$root" rev-parse --quiet --verify "$introduced^" || true; fi
}

# make_previous_package COMMIT FOLDER: FOLDER/COMMIT.deb, built by that commit's own script; once.
make_previous_package() {
    local commit=$1 folder=$2 tree=$2/tree
    if [[ -e $folder/$commit.deb ]]; then return; fi
    say "building the package of the previous version (${commit:0:12})"
    rm -rf -- "$tree" "$folder/new"
    mkdir -p -- "$folder"
    if ! git clone --quiet --shared --no-checkout "$root" "$tree" ||
        ! git -C "$tree" checkout --quiet --detach "$commit"; then
        fail "the previous version could not be checked out of git"
    fi
    mkdir -p -- "$tree/build"
    ln -s "$root/build/.ccache" "$tree/build/.ccache"
    "$tree/scripts/package" --no-lintian "$folder/new" || fail "the package of the previous version could not be built"
    mv -f -- "$folder"/new/livechat_*.deb "$folder/$commit.deb"
    rm -rf -- "$tree" "$folder/new"
}

# Whether systemd can be booted here in the way of tests/install/lib/boot.sh; prints why not.
can_boot_systemd() {
    local folder=$1 answer
    if ! grep -qw cgroup2 /proc/filesystems; then
        echo "this kernel has no control groups v2"
        return 1
    fi
    # shellcheck disable=SC2016 # the inner shell expands it
    if ! answer=$(unshare --mount --propagation private --pid --uts --ipc --net --cgroup --fork --kill-child \
        bash -c 'cd "$1" && mount -t proc proc proc && mount -t sysfs -o ro sysfs sys && mount -t cgroup2 cgroup2 sys/fs/cgroup &&
            mount -t tmpfs tmpfs dev && mknod dev/null c 1 3 && chroot . /bin/true >dev/null' - "$folder" 2>&1); then
        echo "$answer"
        return 1
    fi
}
