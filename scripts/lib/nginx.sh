# shellcheck shell=bash
# The private nginx of a stack, below $state/nginx. Its prefix is that folder and all its paths are
# relative, so that no character in the folder's name has a meaning in a configuration file.
# Uses: $root, $state, $run_dir, $binaries.

# write_nginx_configuration PORT DAEMON...
write_nginx_configuration() {
    local prefix=$state/nginx text user='' daemon daemons=() files
    mkdir -p -- "$prefix/temp"
    ln -sfn -- "${binaries%/bin}/web" "$prefix/web"
    ln -sfn -- "$root/web/demo" "$prefix/pages"
    for daemon in "${@:2}"; do daemons+=(--wsd "$daemon=unix:$run_dir/wsd-$daemon.sock"); done
    "$root/scripts/nginx-conf" --fcgi "unix:$run_dir/fcgi.sock" "${daemons[@]}" --into "$prefix"

    # Started by root, workers would run as an unprivileged user and could not reach the sockets.
    if ((EUID == 0)); then user='user root root;'; fi
    files=$(ulimit -Hn)
    if [[ $files == unlimited ]] || ((files > 65536)); then files=65536; fi
    text=$(<"$root/nginx/stack.conf.template")
    text=${text//@PORT@/"$1"}
    text=${text//@USER@/"$user"}
    text=${text//@FILES@/"$files"}
    text=${text//@CONNECTIONS@/"$((files / 2))"}
    printf '%s\n' "$text" >"$prefix/nginx.conf"
}

nginx_command() {
    command=(nginx -p "$state/nginx/" -c nginx.conf)
}
