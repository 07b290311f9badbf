// Every key of the configuration: read from the file, read from an override, refused when it is of
// another type or out of its range.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/config.hpp"

namespace livechat {
namespace {

using Overrides = std::vector<std::string>;

// A key that takes whole numbers.
struct Number {
    std::string section;
    std::string key;
    std::int64_t least;
    std::int64_t most;
    std::optional<std::int64_t> (*read)(const Config&);

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

// The number of a key that takes one; nullopt: it takes something else.
template <class Value>
std::optional<std::int64_t> number_of(const Value& value) {
    if constexpr (std::is_same_v<Value, bool>) {
        return std::nullopt;
    } else if constexpr (std::is_integral_v<Value>) {
        return static_cast<std::int64_t>(value);
    } else if constexpr (requires { value.count(); }) {
        return value.count();
    } else {
        return std::nullopt;
    }
}

// Overrides without which the ends of its range make no sense beside the defaults.
Overrides companions_of(const std::string& path) {
    if (path == "limits.body_bytes" || path == "wsd.max_write_buffer") {
        return {"limits.message_bytes=1"};
    }
    if (path == "wsd.max_payload") return {"limits.message_bytes=1", "wsd.max_incoming=2147483647"};
    if (path == "wsd.max_incoming") return {"limits.message_bytes=1", "wsd.max_payload=65542"};
    if (path == "limits.history_default") return {"limits.history_limit=2147483647"};
    if (path == "limits.history_limit") return {"limits.history_default=1"};
    if (path == "feed.poll_active_ms") return {"feed.poll_idle_ms=2147483647"};
    if (path == "feed.poll_idle_ms") return {"feed.poll_active_ms=1"};
    return {};
}

constexpr std::int64_t kMostNumber = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kLeastOnWire = 65542;

std::vector<Number> numbers() {
    std::vector<Number> keys;
    const auto add = [&keys](Number key) {
        if (key.read(Config())) keys.push_back(std::move(key));
    };
#define LIVECHAT_KEY(section_, name_, member_, least_, most_, reload_) \
    add({#section_, #name_, least_, most_,                             \
         [](const Config& config) { return number_of(config.section_.member_); }});
#include "base/config_keys.def"
#undef LIVECHAT_KEY
    return keys;
}

const std::vector<Number> kNumbers = numbers();

#define TEXT(member) [](const Config& c) { return c.member; }

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
        BOOST_TEST(key.read(parse_config(text, "f", companions_of(key.path()))).value() == value);
        auto overrides = companions_of(key.path());
        overrides.push_back(key.path() + "=" + std::to_string(value));
        BOOST_TEST(key.read(parse_config("", "f", overrides)).value() == value);
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
