// What a server may be told, and what it counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/input_rate.hpp"

namespace livechat::transport {

struct Settings {
    std::string path = "/socket.io/";  // of the Engine.IO endpoint
    std::string plain_path = "/ws";    // of the plain WebSocket endpoint; empty: none
    std::string daemon_name;           // prefixes every sid as "<name>."; empty: no prefix

    std::chrono::milliseconds ping_interval{25000};
    std::chrono::milliseconds ping_timeout{20000};
    std::chrono::milliseconds upgrade_timeout{10000};
    std::chrono::milliseconds connect_timeout{45000};
    std::chrono::milliseconds http_request_timeout{15000};  // for a whole request to come in
    std::chrono::milliseconds http_idle_timeout{75000};     // between requests on one connection

    std::size_t max_payload = 1'000'000;          // bytes of a frame or polling body from a client
    std::size_t max_incoming = 64 * 1024 * 1024;  // bytes that came in half, of all clients
    std::size_t max_packets = 16384;              // in one polling body
    std::size_t max_write_buffer = 1024 * 1024;   // bytes queued for one client
    std::size_t largest_event = 458'752;          // bytes that an event of a room may need there
    eio::InputLimits input;                       // how fast one client may send
    std::size_t max_depth = 512;                  // of the JSON of a client's packets
    std::size_t max_sessions = 50000;
    std::size_t max_sessions_per_address = 50000;

    // Web pages of other origins that may talk to us, as "https://host"; those of the own host may.
    std::vector<std::string> allowed_origins;

    // Whether to believe X-Real-IP, X-Forwarded-For and X-Forwarded-Proto of a peer; its address is
    // empty on a unix socket.
    std::function<bool(std::string_view address)> trusts = [](std::string_view) { return false; };
    unsigned unix_socket_mode = 0660;

    bool has_room(std::size_t queued) const { return queued + largest_event <= max_write_buffer; }
};

struct Counters {
    std::uint64_t connections = 0;       // accepted sockets
    std::uint64_t connections_open = 0;  // at present
    std::uint64_t http_requests = 0;
    std::uint64_t requests_refused = 0;  // answered with an error
    std::uint64_t sessions = 0;          // Engine.IO sessions opened
    std::uint64_t sessions_open = 0;     // at present
    std::uint64_t upgrades = 0;          // from polling to WebSocket
    std::uint64_t plain_open = 0;        // plain WebSocket clients at present
    std::uint64_t sockets = 0;           // that the application was told of
    std::uint64_t messages_in = 0;
    std::uint64_t messages_out = 0;     // without broadcasts
    std::uint64_t deliveries = 0;       // broadcasts times receivers
    std::uint64_t internal_errors = 0;  // exceptions that ended a connection
    // By name of the reason (docs/protocol.md, "Close reasons").
    std::map<std::string, std::uint64_t, std::less<>> closes;

    void count_close(std::string_view reason) {
        const auto found = closes.find(reason);
        if (found != closes.end()) {
            ++found->second;
        } else {
            closes.emplace(reason, 1);
        }
    }
};

}  // namespace livechat::transport
