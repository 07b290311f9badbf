#!/usr/bin/env bash
# Boots a Debian that lies in a folder with its own systemd, in namespaces of its own (processes, mounts, names,
# control groups; the network is the caller's):
#     boot.sh ROOT
# Prints "init PID" when it begins, and ends when that systemd does. SIGTERM ends it at once. Leaves no mount,
# process or control group behind. As root.
set -euo pipefail

# As process 1: mounts what a system finds when it starts, and becomes systemd. What would change the machine
# outside is read-only or not there.
inside() {
    local root=$1 node
    mount --bind "$root" "$root"
    cd -- "$root"
    mount -t proc proc proc
    for node in sys sysrq-trigger irq bus; do
        if [[ -e proc/$node ]]; then
            mount --bind "proc/$node" "proc/$node"
            mount -o remount,bind,ro "proc/$node"
        fi
    done
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs dev
    for node in null zero full random urandom tty; do cp -a "/dev/$node" "dev/$node"; done
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    for node in 0:stdin 1:stdout 2:stderr; do ln -s "fd/${node%:*}" "dev/${node#*:}"; done
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=1777 tmpfs tmp
    hostname -F etc/hostname
    pivot_root . mnt
    umount -l /mnt
    # As container managers do it: systemd hands services their credentials through mounts of its children.
    mount --make-rshared /
    exec env -i container=livechat-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio \
        /lib/systemd/systemd --system --show-status=false
}

# In a mount namespace of its own, in which all control groups are seen.
outside() {
    local root=$1 groups group status=0
    groups=$(mktemp -d)
    mount -t cgroup2 cgroup2 "$groups"
    group=$groups/livechat-install-$$
    mkdir "$group"
    # shellcheck disable=SC2016 # the inner shell expands it
    setpriv --pdeathsig KILL -- bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$group" \
        unshare --mount --propagation private --pid --uts --ipc --cgroup --fork --kill-child \
        bash "${BASH_SOURCE[0]}" --inside "$root" &
    local child=$! init=''
    trap 'kill -KILL "$child" 2>/dev/null || true' INT TERM HUP
    # It has become systemd when all is mounted.
    while kill -0 "$child" 2>/dev/null; do
        init=$(cat "/proc/$child/task/$child/children" 2>/dev/null || true)
        if [[ $(cat "/proc/${init% }/comm" 2>/dev/null) == systemd ]]; then
            echo "init ${init% }"
            break
        fi
        sleep 0.05
    done
    until wait "$child" || ! kill -0 "$child" 2>/dev/null; do :; done
    wait "$child" 2>/dev/null || status=$?
    # What the system has started ends with it, but not at the same moment.
    until [[ ! -e $group ]]; do find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05; done
    umount "$groups"
    rmdir "$groups"
    return "$status"
}

case ${1:?a folder} in
    --inside) inside "$2" ;;
    --outside) outside "$2" ;;
    *) exec unshare --mount --propagation private -- bash "${BASH_SOURCE[0]}" --outside "$1" ;;
esac
