// The configuration file that both programs share (TOML; config/livechat.toml documents each key).
// base/config_keys.def lists the keys: a file or an override that names another one is refused with
// its line.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livechat {

// What is wrong with a configuration: "FILE:LINE: unknown key fcgi.wokers".
struct ConfigError : std::runtime_error {
    explicit ConfigError(
        const std::string& what,
        std::string what_to_do = "put it right (livechat.toml(5) explains every key)")
        : std::runtime_error(what), remedy(std::move(what_to_do)) {}

    // Both in one sentence, for the person who runs the program.
    std::string sentence() const { return what() + (": " + remedy); }

    std::string remedy;
};

struct DatabaseConfig {
    std::string socket = "/run/mysqld/mysqld.sock";  // used while host is empty
    std::string host;
    std::uint16_t port = 3306;
    std::string name = "livechat";
    std::string user = "livechat";
    std::string password;  // or password_file, or the environment's LIVECHAT_DATABASE_PASSWORD
    std::string password_file;
    std::chrono::seconds connect_timeout{5};
    // A statement that takes longer is given up as lost.
    std::chrono::seconds read_timeout{30};
    // How long a write waits for a conversation that another transaction holds.
    std::chrono::seconds lock_timeout{5};
};

struct AuthConfig {
    std::string mode = "token";           // or "open"
    bool open_on_public_address = false;  // mode open on a listener that is not on loopback
    std::string site_secret;              // or site_secret_file, or LIVECHAT_SITE_SECRET
    std::string site_secret_file;
    bool require_signature = false;            // to open a session
    std::vector<std::string> allowed_origins;  // beside the site's own: "https://www.example.org"
    std::string cookie_secure = "auto";        // "auto": where the request came by https; "always"
    std::chrono::hours agent_token{12};
    std::chrono::days visitor_token{365};
    std::size_t sessions_per_visitor = 50;  // that one token may own
    // For how long a program may go on with what it has read of a token or a ban.
    std::chrono::milliseconds cache{2'000};
};

// How often something may happen in a minute (or in a day, where the name says so), and how often
// at once; 0: unlimited. Not for agents and bots, but for the logins.
struct AbuseConfig {
    bool enabled = true;
    std::uint32_t initialize_per_address = 30;
    std::uint32_t initialize_per_visitor = 30;
    std::uint32_t login_failures_per_address = 10;
    std::uint32_t login_failures_per_account = 30;
    std::uint32_t send_per_visitor = 60;
    std::uint32_t send_per_session = 120;
    std::uint32_t send_per_address = 600;
    std::uint32_t join_per_visitor = 120;
    std::uint32_t join_per_address = 1'200;
    std::uint32_t connect_per_address = 600;
    std::uint32_t unknown_tokens_per_address = 300;
    // New sessions: of all visitors together, and of one address in a day.
    std::uint32_t new_sessions = 3'000;
    std::uint32_t new_sessions_per_address_day = 5'000;
    // Bytes of messages: in a minute, and in a day. Of one session also messages in a day.
    std::uint32_t send_bytes_per_visitor = 512 * 1024;
    std::uint32_t send_bytes_per_address = 4 * 1024 * 1024;
    std::uint32_t send_per_session_day = 2'000;
    std::uint32_t send_bytes_per_session_day = 8 * 1024 * 1024;
    std::uint32_t send_bytes_per_address_day = 256 * 1024 * 1024;
    // Bytes of answers with messages (histories, initialize).
    std::uint32_t read_bytes_per_visitor = 16 * 1024 * 1024;
    std::uint32_t read_bytes_per_address = 64 * 1024 * 1024;
    // What one socket of a visitor may send; beyond, it is read no faster. At once it may send what
    // it may in socket_burst.
    std::uint32_t socket_events_per_second = 50;
    std::uint32_t socket_bytes_per_second = 64 * 1024;
    std::chrono::seconds socket_burst{30};
};

// What JSON makes of a byte of text at most ("\u0001"), and what may stand around a text: names,
// and what a visitor's page tells of the visitor.
inline constexpr std::size_t kWorstEscape = 6;
inline constexpr std::size_t kEnvelopeBytes = 64 * 1024;
// As much as stock servers take.
inline constexpr std::size_t kWireBytes = 1'000'000;

struct Limits {
    std::size_t client_id_chars = 128;
    std::size_t message_bytes = 64 * 1024;
    std::size_t visitor_message_bytes = 64 * 1024;  // of sender `client`
    std::size_t message_id_chars = 64;
    std::size_t body_bytes = kWireBytes;  // at least wire_bytes()
    std::size_t history_default = 50;
    std::size_t history_limit = 200;
    std::size_t initial_messages = 50;
    std::size_t sessions_limit = 1000;
    std::size_t rooms_per_client = 16;
    std::size_t rooms_per_agent = 1000;
    std::size_t typing_per_second = 5;  // what one socket may send on
};

struct FcgiConfig {
    // unix:/path or host:port. A listening socket that comes as fd 0 goes before it.
    std::string listen = "unix:/run/livechat/fcgi.sock";
    std::size_t workers = 4;
    std::size_t max_requests =
        10'000;  // after so many a worker makes room for a fresh one; 0: never
    std::chrono::seconds drain_timeout{10};  // what a worker may still take after SIGTERM or SIGHUP
    // A worker that is at one request for longer is killed and replaced.
    std::chrono::seconds request_timeout{120};
    std::string metrics_listen;  // where GET /metrics, /healthz and /readyz answer; empty: nowhere
};

struct WsdConfig {
    std::string name = "a";  // begins every sid, so that nginx can find the daemon of a session
    std::vector<std::string> listen{"unix:/run/livechat/wsd-a.sock"};
    std::string metrics_listen;  // as fcgi.metrics_listen
    std::chrono::milliseconds ping_interval{25'000};
    std::chrono::milliseconds ping_timeout{20'000};
    std::chrono::milliseconds upgrade_timeout{10'000};
    std::chrono::milliseconds connect_timeout{45'000};
    std::size_t max_payload = kWireBytes;         // at least wire_bytes()
    std::size_t max_incoming = 64 * 1024 * 1024;  // bytes of what has come in half, of all clients
    std::size_t max_write_buffer = 1024 * 1024;   // bytes queued to one slow socket
    std::size_t max_sessions = 100'000;
    std::size_t max_sessions_per_address = 20'000;
    bool trust_proxy = true;  // believe X-Real-IP and X-Forwarded-Proto of a proxy, which is who
                              // comes to a unix socket, or comes from one of:
    std::vector<std::string> trusted_proxies{"127.0.0.0/8", "::1"};
    std::size_t reader_threads = 2;
    std::size_t writer_queue = 10'000;  // messages that wait for their INSERT; beyond: busy
    std::size_t writer_batch = 128;
    std::chrono::seconds drain_timeout{5};
};

struct FeedConfig {
    std::chrono::milliseconds poll_active{25};  // between two looks while the site is in use
    std::chrono::milliseconds poll_idle{250};   // the longest pause, when nothing has come for long
    std::size_t batch = 500;                    // notifications in one look
    std::chrono::seconds hole_timeout{600};     // how long a missing id is asked for
    std::chrono::hours retention{24 * 7};       // age at which notifications are removed
};

struct DoorbellConfig {
    // Where a writer rings after its commit: unix:/path or host:port (UDP), one for each daemon.
    std::vector<std::string> ring;
    // Where this daemon listens for it; empty: it polls.
    std::string listen;
};

struct RetentionConfig {
    std::size_t days = 0;  // without a message, after which livechat-admin purge removes; 0: never
    // The same for a conversation that a visitor opened and that never got a message.
    std::size_t empty_days = 7;
};

struct LogConfig {
    std::string level = "info";   // debug, info, warning, error
    std::string format = "text";  // text, json
    // Requests and database jobs that take longer get a line of their own; 0: none does.
    std::chrono::milliseconds slow_request{1000};
};

struct Config {
    DatabaseConfig database;
    AuthConfig auth;
    AbuseConfig abuse;
    Limits limits;
    FcgiConfig fcgi;
    WsdConfig wsd;
    FeedConfig feed;
    DoorbellConfig doorbell;
    RetentionConfig retention;
    LogConfig log;
    std::vector<std::string> former_keys;  // of an older version, which are there and do nothing
};

// The most bytes that a message, or a request, that keeps the limits can have as JSON.
std::size_t wire_bytes(const Limits& limits);

// Reads the file and what is beside it in conf.d/*.toml, by name: a key there goes before the same
// key of those read before. Then applies the overrides ("section.key=value", the value as in TOML,
// where quotes around a string may be left out), then secrets from files, systemd's credentials and
// the environment, and checks that the whole makes sense. Throws ConfigError.
Config load_config(const std::filesystem::path& file, const std::vector<std::string>& overrides);

// Text of a configuration file; `origin` stands for its name in errors.
struct ConfigText {
    std::string origin;
    std::string text;
};

// The same for texts that are already at hand, the main file first. Does not look at files or the
// environment.
Config parse_config(const std::vector<ConfigText>& texts,
                    const std::vector<std::string>& overrides);
Config parse_config(std::string_view text,
                    std::string_view origin,
                    const std::vector<std::string>& overrides);

}  // namespace livechat
