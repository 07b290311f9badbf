# shellcheck shell=bash
# Minimal HTTP for a bare machine: bash's own TCP, on loopback.

# http_status PORT PATH: prints the status of a GET, or nothing if there is no answer within ten seconds.
http_status() {
    (
        exec 7<>"/dev/tcp/127.0.0.1/$1" || exit
        printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$2" "$1" >&7
        read -r -t 10 _ status _ <&7 && printf '%s' "$status"
    ) 2>/dev/null || true
}

# port_in_use PORT: whether any program accepts connections on it.
port_in_use() {
    (exec 7<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port: prints a port that no program listens on. Below the ephemeral range, so that no outgoing
# connection takes it meanwhile.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM << 15 | RANDOM) % 12000))
        if ! port_in_use "$port"; then
            printf '%d' "$port"
            return
        fi
    done
}
