// Every key of the configuration: read from the file, read from an override, refused when it is of
// another type or out of its range.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace livechat {
namespace {

using Overrides = std::vector<std::string>;

constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();

// A key that takes whole numbers. companion: an override without which the ends of the range make
// no sense beside the defaults.
struct Number {
    std::string section;
    std::string key;
    std::int64_t least;
    std::int64_t most;
    std::int64_t (*read)(const Config&);
    Overrides companions = {};

    std::string path() const { return section + "." + key; }
};

struct Text {
    std::string section;
    std::string key;
    std::string value;
    std::string (*read)(const Config&);

    std::string path() const { return section + "." + key; }
};

std::ostream& operator<<(std::ostream& out, const Number& key) { return out << key.path(); }
std::ostream& operator<<(std::ostream& out, const Text& key) { return out << key.path(); }

std::int64_t plain(std::size_t number) { return static_cast<std::int64_t>(number); }
template <class Rep, class Period>
std::int64_t plain(std::chrono::duration<Rep, Period> time) {
    return time.count();
}

#define KEY(member) [](const Config& c) { return plain(c.member); }
#define TEXT(member) [](const Config& c) { return c.member; }

const std::vector<Number> kNumbers{
    {"database", "port", 1, 65535, KEY(database.port)},
    {"database", "connect_timeout_s", 1, kMost, KEY(database.connect_timeout)},
    {"database", "read_timeout_s", 1, kMost, KEY(database.read_timeout)},
    {"database", "lock_timeout_s", 1, kMost, KEY(database.lock_timeout)},
    {"auth", "agent_token_hours", 1, 8760, KEY(auth.agent_token)},
    {"auth", "visitor_token_days", 1, 3650, KEY(auth.visitor_token)},
    {"auth", "sessions_per_visitor", 1, 1000, KEY(auth.sessions_per_visitor)},
    {"auth", "cache_ms", 0, 4000, KEY(auth.cache)},
    {"abuse", "initialize_per_address", 0, kMost, KEY(abuse.initialize_per_address)},
    {"abuse", "initialize_per_visitor", 0, kMost, KEY(abuse.initialize_per_visitor)},
    {"abuse", "login_failures_per_address", 0, kMost, KEY(abuse.login_failures_per_address)},
    {"abuse", "login_failures_per_account", 0, kMost, KEY(abuse.login_failures_per_account)},
    {"abuse", "send_per_visitor", 0, kMost, KEY(abuse.send_per_visitor)},
    {"abuse", "send_per_session", 0, kMost, KEY(abuse.send_per_session)},
    {"abuse", "send_per_address", 0, kMost, KEY(abuse.send_per_address)},
    {"abuse", "join_per_visitor", 0, kMost, KEY(abuse.join_per_visitor)},
    {"abuse", "join_per_address", 0, kMost, KEY(abuse.join_per_address)},
    {"abuse", "connect_per_address", 0, kMost, KEY(abuse.connect_per_address)},
    {"abuse", "unknown_tokens_per_address", 0, kMost, KEY(abuse.unknown_tokens_per_address)},
    {"abuse", "new_sessions", 0, kMost, KEY(abuse.new_sessions)},
    {"abuse", "new_sessions_per_address_day", 0, kMost, KEY(abuse.new_sessions_per_address_day)},
    {"abuse", "send_bytes_per_visitor", 0, kMost, KEY(abuse.send_bytes_per_visitor)},
    {"abuse", "send_bytes_per_address", 0, kMost, KEY(abuse.send_bytes_per_address)},
    {"abuse", "send_per_session_day", 0, kMost, KEY(abuse.send_per_session_day)},
    {"abuse", "send_bytes_per_session_day", 0, kMost, KEY(abuse.send_bytes_per_session_day)},
    {"abuse", "send_bytes_per_address_day", 0, kMost, KEY(abuse.send_bytes_per_address_day)},
    {"abuse", "read_bytes_per_visitor", 0, kMost, KEY(abuse.read_bytes_per_visitor)},
    {"abuse", "read_bytes_per_address", 0, kMost, KEY(abuse.read_bytes_per_address)},
    {"abuse", "socket_events_per_second", 0, kMost, KEY(abuse.socket_events_per_second)},
    {"abuse", "socket_bytes_per_second", 0, kMost, KEY(abuse.socket_bytes_per_second)},
    {"abuse", "socket_burst_s", 1, 3600, KEY(abuse.socket_burst)},
    {"limits", "client_id_chars", 1, 128, KEY(limits.client_id_chars)},
    {"limits", "message_bytes", 1, 65536, KEY(limits.message_bytes)},
    {"limits", "visitor_message_bytes", 1, 65536, KEY(limits.visitor_message_bytes)},
    {"limits", "message_id_chars", 1, 64, KEY(limits.message_id_chars)},
    {"limits", "body_bytes", 65542, kMost, KEY(limits.body_bytes), {"limits.message_bytes=1"}},
    {"limits",
     "history_default",
     1,
     kMost,
     KEY(limits.history_default),
     {"limits.history_limit=2147483647"}},
    {"limits", "history_limit", 1, kMost, KEY(limits.history_limit), {"limits.history_default=1"}},
    {"limits", "initial_messages", 0, kMost, KEY(limits.initial_messages)},
    {"limits", "sessions_limit", 1, kMost, KEY(limits.sessions_limit)},
    {"limits", "rooms_per_client", 1, kMost, KEY(limits.rooms_per_client)},
    {"limits", "rooms_per_agent", 1, kMost, KEY(limits.rooms_per_agent)},
    {"limits", "typing_per_second", 0, kMost, KEY(limits.typing_per_second)},
    {"fcgi", "workers", 1, 1024, KEY(fcgi.workers)},
    {"fcgi", "max_requests", 0, kMost, KEY(fcgi.max_requests)},
    {"fcgi", "drain_timeout_s", 1, kMost, KEY(fcgi.drain_timeout)},
    {"wsd", "ping_interval_ms", 1, kMost, KEY(wsd.ping_interval)},
    {"wsd", "ping_timeout_ms", 1, kMost, KEY(wsd.ping_timeout)},
    {"fcgi", "request_timeout_s", 1, kMost, KEY(fcgi.request_timeout)},
    {"wsd", "upgrade_timeout_ms", 1, kMost, KEY(wsd.upgrade_timeout)},
    {"wsd", "connect_timeout_ms", 1, kMost, KEY(wsd.connect_timeout)},
    {"wsd",
     "max_payload",
     65542,
     kMost,
     KEY(wsd.max_payload),
     {"limits.message_bytes=1", "wsd.max_incoming=2147483647"}},
    {"wsd",
     "max_incoming",
     65542,
     kMost,
     KEY(wsd.max_incoming),
     {"limits.message_bytes=1", "wsd.max_payload=65542"}},
    {"wsd",
     "max_write_buffer",
     65542,
     kMost,
     KEY(wsd.max_write_buffer),
     {"limits.message_bytes=1"}},
    {"wsd", "max_sessions", 1, kMost, KEY(wsd.max_sessions)},
    {"wsd", "max_sessions_per_address", 1, kMost, KEY(wsd.max_sessions_per_address)},
    {"wsd", "reader_threads", 1, 64, KEY(wsd.reader_threads)},
    {"wsd", "writer_queue", 1, 15'000, KEY(wsd.writer_queue)},
    {"wsd", "writer_batch", 1, 1000, KEY(wsd.writer_batch)},
    {"wsd", "drain_timeout_s", 1, kMost, KEY(wsd.drain_timeout)},
    {"feed", "poll_active_ms", 1, kMost, KEY(feed.poll_active), {"feed.poll_idle_ms=2147483647"}},
    {"feed", "poll_idle_ms", 1, kMost, KEY(feed.poll_idle), {"feed.poll_active_ms=1"}},
    {"feed", "batch", 1, 10'000, KEY(feed.batch)},
    {"feed", "hole_timeout_s", 1, kMost, KEY(feed.hole_timeout)},
    {"feed", "retention_h", 1, kMost, KEY(feed.retention)},
    {"retention", "days", 0, 36'500, KEY(retention.days)},
    {"retention", "empty_days", 0, 36'500, KEY(retention.empty_days)},
    {"log", "slow_request_ms", 0, kMost, KEY(log.slow_request)},
};

// Read from the file alone: the command line shows in ps.
const std::vector<Text> kSecrets{
    {"database", "password", "s3cret # = .", TEXT(database.password)},
    {"auth", "site_secret", "0123456789abcdef", TEXT(auth.site_secret)},
};

const std::vector<Text> kTexts{
    {"database", "socket", "/tmp/a b.sock", TEXT(database.socket)},
    {"database", "host", "db.example", TEXT(database.host)},
    {"database", "name", "chat", TEXT(database.name)},
    {"database", "user", "somebody", TEXT(database.user)},
    {"database", "password_file", "/run/secrets/db", TEXT(database.password_file)},
    {"wsd", "metrics_listen", "127.0.0.1:9101", TEXT(wsd.metrics_listen)},
    {"auth", "mode", "open", TEXT(auth.mode)},
    {"auth", "site_secret_file", "/run/secrets/site", TEXT(auth.site_secret_file)},
    {"auth", "cookie_secure", "always", TEXT(auth.cookie_secure)},
    {"fcgi", "listen", "127.0.0.1:9000", TEXT(fcgi.listen)},
    {"wsd", "name", "b-2_x", TEXT(wsd.name)},
    {"wsd", "metrics_listen", "127.0.0.1:9100", TEXT(wsd.metrics_listen)},
    {"doorbell", "listen", "unix:/run/bell", TEXT(doorbell.listen)},
    {"log", "level", "debug", TEXT(log.level)},
    {"log", "format", "json", TEXT(log.format)},
    {"fcgi", "metrics_listen", "unix:/run/livechat/fcgi.status", TEXT(fcgi.metrics_listen)},
};

#undef KEY
#undef TEXT

// The fourth line holds the key.
std::string file_with(const std::string& section,
                      const std::string& key,
                      const std::string& value) {
    return "# livechat\n\n[" + section + "]\n" + key + " = " + value + "\n";
}

std::string refusal(const std::string& text, const Overrides& overrides = {}) {
    try {
        parse_config(text, "livechat.toml", overrides);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

std::string number_sentence(const Number& key) {
    return key.path() + " is a whole number from " + std::to_string(key.least) + " to " +
           std::to_string(key.most);
}

BOOST_AUTO_TEST_SUITE(config_keys)

BOOST_DATA_TEST_CASE(a_number_is_read_at_both_ends_of_its_range, kNumbers, key) {
    for (const auto value : {key.least, key.most}) {
        const auto text = file_with(key.section, key.key, std::to_string(value));
        BOOST_TEST(key.read(parse_config(text, "f", key.companions)) == value);
        auto overrides = key.companions;
        overrides.push_back(key.path() + "=" + std::to_string(value));
        BOOST_TEST(key.read(parse_config("", "f", overrides)) == value);
    }
}

BOOST_DATA_TEST_CASE(a_number_out_of_its_range_is_refused_with_line_and_range, kNumbers, key) {
    for (const auto value : {key.least - 1, key.most + 1, std::int64_t{-1}}) {
        BOOST_TEST(refusal(file_with(key.section, key.key, std::to_string(value))) ==
                   "livechat.toml:4: " + number_sentence(key));
        BOOST_TEST(refusal("", {key.path() + "=" + std::to_string(value)}) ==
                   "--set " + key.path() + ": " + number_sentence(key));
    }
}

const std::vector<std::string> kNoNumbers{"\"1\"", "1.0", "true", "[1]", "2025-03-10", "{ n = 1 }"};

BOOST_DATA_TEST_CASE(a_number_of_another_type_is_refused, kNumbers* kNoNumbers, key, value) {
    BOOST_TEST(refusal(file_with(key.section, key.key, value)) ==
               "livechat.toml:4: " + number_sentence(key));
}

BOOST_DATA_TEST_CASE(a_secret_is_read_from_the_file_and_no_override, kSecrets, key) {
    const auto text = file_with(key.section, key.key, "'" + key.value + "'");
    BOOST_TEST(key.read(parse_config(text, "f", {})) == key.value);
    BOOST_TEST(refusal("", {key.path() + "=" + key.value}).find(key.value) == std::string::npos);
    BOOST_TEST(refusal("", {key.path() + "=" + key.value}) != "accepted");
}

BOOST_DATA_TEST_CASE(a_string_is_read_from_file_and_override, kTexts, key) {
    const auto text = file_with(key.section, key.key, "'" + key.value + "'");
    BOOST_TEST(key.read(parse_config(text, "f", {})) == key.value);
    BOOST_TEST(key.read(parse_config("", "f", {key.path() + "='" + key.value + "'"})) == key.value);
}

BOOST_DATA_TEST_CASE(an_override_needs_no_quotes_around_a_string, kTexts, key) {
    BOOST_TEST(key.read(parse_config("", "f", {key.path() + "=" + key.value})) == key.value);
}

const std::vector<std::string> kNoTexts{"1", "1.5", "false", "['a']", "1979-05-27"};

BOOST_DATA_TEST_CASE(a_string_of_another_type_is_refused, kTexts* kNoTexts, key, value) {
    BOOST_TEST(refusal(file_with(key.section, key.key, value)) ==
               "livechat.toml:4: " + key.path() + " is a string");
}

struct Switch {
    std::string section;
    std::string key;
    bool (*read)(const Config&);
};
std::ostream& operator<<(std::ostream& out, const Switch& key) { return out << key.key; }

const std::vector<Switch> kSwitches{
    {"wsd", "trust_proxy", [](const Config& c) { return c.wsd.trust_proxy; }},
    {"auth", "require_signature", [](const Config& c) { return c.auth.require_signature; }},
    {"auth", "open_on_public_address",
     [](const Config& c) { return c.auth.open_on_public_address; }},
    {"abuse", "enabled", [](const Config& c) { return c.abuse.enabled; }},
};

BOOST_DATA_TEST_CASE(a_switch_is_true_or_false, kSwitches, key) {
    BOOST_TEST(!key.read(parse_config(file_with(key.section, key.key, "false"), "f", {})));
    BOOST_TEST(key.read(parse_config(file_with(key.section, key.key, "true"), "f", {})));
    BOOST_TEST(!key.read(parse_config("", "f", {key.section + "." + key.key + "=false"})));
}

const std::vector<std::string> kNoBooleans{"1", "'true'", "[true]"};

BOOST_DATA_TEST_CASE(a_switch_of_another_type_is_refused, kSwitches* kNoBooleans, key, value) {
    BOOST_TEST(refusal(file_with(key.section, key.key, value)) ==
               "livechat.toml:4: " + key.section + "." + key.key + " is true or false");
}

using List = std::vector<std::string>;
const List kTwo{"unix:/a", "127.0.0.1:1"};
const List kOne{"unix:/a"};

BOOST_AUTO_TEST_CASE(a_list_of_strings_is_read_and_one_string_is_a_list_of_one) {
    const auto two = R"(["unix:/a", "127.0.0.1:1"])";
    BOOST_TEST(parse_config(file_with("wsd", "listen", two), "f", {}).wsd.listen == kTwo);
    BOOST_TEST(parse_config(file_with("doorbell", "ring", two), "f", {}).doorbell.ring == kTwo);
    BOOST_TEST(parse_config("", "f", {std::string("wsd.listen=") + two}).wsd.listen == kTwo);
    BOOST_TEST(parse_config(file_with("wsd", "listen", "'unix:/a'"), "f", {}).wsd.listen == kOne);
    BOOST_TEST(parse_config("", "f", {"wsd.listen=unix:/a"}).wsd.listen == kOne);
    BOOST_TEST(parse_config("", "f", {"doorbell.ring=[]"}).doorbell.ring.empty());
}

const std::vector<std::string> kNoLists{"1", "[1]", "['a', 1]", "[['a']]", "true", "{ a = 'b' }"};

BOOST_DATA_TEST_CASE(a_list_of_anything_else_is_refused, kNoLists, value) {
    BOOST_TEST(refusal(file_with("wsd", "listen", value)) ==
               "livechat.toml:4: wsd.listen is a list of strings");
    BOOST_TEST(refusal(file_with("doorbell", "ring", value)) ==
               "livechat.toml:4: doorbell.ring is a list of strings");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
