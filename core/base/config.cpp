#include "base/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <sstream>
#include <type_traits>

#include "base/address.hpp"
#include "base/endpoint.hpp"
#include "base/origin.hpp"

namespace livechat {
namespace {

// A value of the file and what is wrong with it.
[[noreturn]] void refuse(std::string_view origin, const toml::node& node, const std::string& what) {
    std::ostringstream text;
    text << origin;
    if (node.source().begin) text << ':' << node.source().begin.line;
    text << ": " << what;
    throw ConfigError(text.str());
}

struct Range {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int32_t>::max();
};

// Takes the known keys out of a parsed table, one by one. What is left at the end is unknown.
class Reader {
  public:
    Reader(toml::table& root, std::string_view origin) : root_(root), origin_(origin) {}

    void section(std::string_view name) {
        finish_section();
        section_ = name;
        table_ = nullptr;
        auto* node = root_.get(name);
        if (!node) return;
        table_ = node->as_table();
        if (!table_)
            refuse(origin_, *node, std::string(name) + " is a section: [" + section_ + "]");
    }

    void key(std::string_view name, std::string& target) {
        if (auto* node = take(name)) {
            auto* value = node->as_string();
            if (!value) refuse(origin_, *node, path(name) + " is a string");
            target = value->get();
        }
        done(name);
    }

    void key(std::string_view name, bool& target) {
        if (auto* node = take(name)) {
            auto* value = node->as_boolean();
            if (!value) refuse(origin_, *node, path(name) + " is true or false");
            target = value->get();
        }
        done(name);
    }

    void key(std::string_view name, std::vector<std::string>& target) {
        if (auto* node = take(name)) {
            // One string stands for a list of one.
            if (auto* one = node->as_string()) {
                target = {one->get()};
            } else {
                auto* list = node->as_array();
                if (!list || !(list->empty() || list->is_homogeneous<std::string>())) {
                    refuse(origin_, *node, path(name) + " is a list of strings");
                }
                target.clear();
                for (const auto& item : *list) target.push_back(*item.value<std::string>());
            }
        }
        done(name);
    }

    template <class Number>
    requires std::is_integral_v<Number>
    void key(std::string_view name, Number& target, Range range = {}) {
        if (const auto value = integer(name, range)) target = static_cast<Number>(*value);
        done(name);
    }

    template <class Rep, class Period>
    void key(std::string_view name, std::chrono::duration<Rep, Period>& target, Range range = {}) {
        if (const auto value = integer(name, range)) {
            target = std::chrono::duration<Rep, Period>(static_cast<Rep>(*value));
        }
        done(name);
    }

    // One that an older version knew; `seen` gets its name where it is still there.
    void former_key(std::string_view name, std::vector<std::string>& seen) {
        if (take(name)) seen.push_back(path(name));
        done(name);
    }

    // A value that older versions wrote out as the default and that would be wrong today: it stands
    // for the present one. `seen` gets its name.
    void former_default(std::string_view name,
                        std::size_t& target,
                        std::size_t former,
                        Range range,
                        std::vector<std::string>& seen) {
        const auto present = target;
        key(name, target,
            {.least = std::min<std::int64_t>(range.least, former), .most = range.most});
        if (target == former) {
            seen.push_back(path(name) + " = " + std::to_string(former));
            target = present;
        }
    }

    // Refuses what nobody took.
    void finish() {
        finish_section();
        if (root_.empty()) return;
        const auto left = root_.begin();  // owns the pair that it shows
        const bool table = left->second.is_table();
        refuse(origin_, left->second,
               (table ? "unknown section [" : "unknown key ") + std::string(left->first.str()) +
                   (table ? "]" : ""));
    }

  private:
    std::string path(std::string_view name) const { return section_ + "." + std::string(name); }

    toml::node* take(std::string_view name) { return table_ ? table_->get(name) : nullptr; }

    void done(std::string_view name) {
        if (table_) table_->erase(name);
    }

    std::optional<std::int64_t> integer(std::string_view name, Range range) {
        auto* node = take(name);
        if (!node) return std::nullopt;
        auto* value = node->as_integer();
        if (!value || value->get() < range.least || value->get() > range.most) {
            refuse(origin_, *node,
                   path(name) + " is a whole number from " + std::to_string(range.least) + " to " +
                       std::to_string(range.most));
        }
        return value->get();
    }

    void finish_section() {
        if (section_.empty()) return;
        if (table_ && !table_->empty()) {
            const auto left = table_->begin();  // owns the pair that it shows
            refuse(origin_, left->second, "unknown key " + path(left->first.str()));
        }
        root_.erase(section_);
        section_.clear();
    }

    toml::table& root_;
    std::string origin_;
    std::string section_;
    toml::table* table_ = nullptr;
};

constexpr Range kAtLeastOne{.least = 1};
constexpr Range kPort{.least = 1, .most = 65535};
// Less than that holds no message at all.
constexpr Range kOnWire{.least = kEnvelopeBytes + kWorstEscape};
// Of limits.body_bytes and wsd.max_payload until 0.2: valid messages could be larger.
constexpr std::size_t kFormerWireBytes = 128 * 1024;

void read_all(Reader& reader, Config& config) {
    reader.section("database");
    auto& database = config.database;
    reader.key("socket", database.socket);
    reader.key("host", database.host);
    reader.key("port", database.port, kPort);
    reader.key("name", database.name);
    reader.key("user", database.user);
    reader.key("password", database.password);
    reader.key("password_file", database.password_file);
    reader.key("connect_timeout_s", database.connect_timeout, kAtLeastOne);
    reader.key("read_timeout_s", database.read_timeout, kAtLeastOne);
    reader.key("lock_timeout_s", database.lock_timeout, kAtLeastOne);

    reader.section("auth");
    auto& auth = config.auth;
    reader.key("mode", auth.mode);
    reader.key("open_on_public_address", auth.open_on_public_address);
    reader.key("site_secret", auth.site_secret);
    reader.key("site_secret_file", auth.site_secret_file);
    reader.key("require_signature", auth.require_signature);
    reader.key("allowed_origins", auth.allowed_origins);
    reader.key("cookie_secure", auth.cookie_secure);
    reader.key("agent_token_hours", auth.agent_token, {.least = 1, .most = 24 * 365});
    reader.key("visitor_token_days", auth.visitor_token, {.least = 1, .most = 3650});
    reader.key("sessions_per_visitor", auth.sessions_per_visitor, {.least = 1, .most = 1000});
    // A revoked token has to stop within 5 s.
    reader.key("cache_ms", auth.cache, {.least = 0, .most = 4'000});

    reader.section("abuse");
    auto& abuse = config.abuse;
    reader.key("enabled", abuse.enabled);
    reader.key("initialize_per_address", abuse.initialize_per_address);
    reader.key("initialize_per_visitor", abuse.initialize_per_visitor);
    reader.key("login_failures_per_address", abuse.login_failures_per_address);
    reader.key("login_failures_per_account", abuse.login_failures_per_account);
    reader.key("send_per_visitor", abuse.send_per_visitor);
    reader.key("send_per_session", abuse.send_per_session);
    reader.key("send_per_address", abuse.send_per_address);
    reader.key("join_per_visitor", abuse.join_per_visitor);
    reader.key("join_per_address", abuse.join_per_address);
    reader.key("connect_per_address", abuse.connect_per_address);
    reader.key("unknown_tokens_per_address", abuse.unknown_tokens_per_address);
    reader.key("new_sessions", abuse.new_sessions);
    reader.key("new_sessions_per_address_day", abuse.new_sessions_per_address_day);
    reader.key("send_bytes_per_visitor", abuse.send_bytes_per_visitor);
    reader.key("send_bytes_per_address", abuse.send_bytes_per_address);
    reader.key("send_per_session_day", abuse.send_per_session_day);
    reader.key("send_bytes_per_session_day", abuse.send_bytes_per_session_day);
    reader.key("send_bytes_per_address_day", abuse.send_bytes_per_address_day);
    reader.key("read_bytes_per_visitor", abuse.read_bytes_per_visitor);
    reader.key("read_bytes_per_address", abuse.read_bytes_per_address);
    reader.key("socket_events_per_second", abuse.socket_events_per_second);
    reader.key("socket_bytes_per_second", abuse.socket_bytes_per_second);
    reader.key("socket_burst_s", abuse.socket_burst, {.least = 1, .most = 3600});

    reader.section("limits");
    auto& limits = config.limits;
    // What the columns hold is the most that can be asked for.
    reader.key("client_id_chars", limits.client_id_chars, {.least = 1, .most = 128});
    reader.key("message_bytes", limits.message_bytes, {.least = 1, .most = 65536});
    reader.key("visitor_message_bytes", limits.visitor_message_bytes, {.least = 1, .most = 65536});
    reader.key("message_id_chars", limits.message_id_chars, {.least = 1, .most = 64});
    reader.former_default("body_bytes", limits.body_bytes, kFormerWireBytes, kOnWire,
                          config.former_keys);
    reader.key("history_default", limits.history_default, kAtLeastOne);
    reader.key("history_limit", limits.history_limit, kAtLeastOne);
    reader.key("initial_messages", limits.initial_messages);
    reader.key("sessions_limit", limits.sessions_limit, kAtLeastOne);
    reader.key("rooms_per_client", limits.rooms_per_client, kAtLeastOne);
    reader.key("rooms_per_agent", limits.rooms_per_agent, kAtLeastOne);
    reader.key("typing_per_second", limits.typing_per_second);

    reader.section("fcgi");
    reader.key("listen", config.fcgi.listen);
    reader.key("workers", config.fcgi.workers, {.least = 1, .most = 1024});
    reader.key("max_requests", config.fcgi.max_requests);
    reader.key("drain_timeout_s", config.fcgi.drain_timeout, kAtLeastOne);
    reader.key("request_timeout_s", config.fcgi.request_timeout, kAtLeastOne);
    reader.key("metrics_listen", config.fcgi.metrics_listen);

    reader.section("wsd");
    auto& wsd = config.wsd;
    reader.key("name", wsd.name);
    reader.key("listen", wsd.listen);
    reader.key("metrics_listen", wsd.metrics_listen);
    reader.key("ping_interval_ms", wsd.ping_interval, kAtLeastOne);
    reader.key("ping_timeout_ms", wsd.ping_timeout, kAtLeastOne);
    reader.key("upgrade_timeout_ms", wsd.upgrade_timeout, kAtLeastOne);
    reader.key("connect_timeout_ms", wsd.connect_timeout, kAtLeastOne);
    reader.former_default("max_payload", wsd.max_payload, kFormerWireBytes, kOnWire,
                          config.former_keys);
    reader.key("max_incoming", wsd.max_incoming, kOnWire);
    reader.key("max_write_buffer", wsd.max_write_buffer, kOnWire);
    reader.key("max_sessions", wsd.max_sessions, kAtLeastOne);
    reader.key("max_sessions_per_address", wsd.max_sessions_per_address, kAtLeastOne);
    reader.key("trust_proxy", wsd.trust_proxy);
    reader.key("trusted_proxies", wsd.trusted_proxies);
    reader.key("reader_threads", wsd.reader_threads, {.least = 1, .most = 64});
    reader.former_key("writer_threads", config.former_keys);  // 0.1.0; there is one
    // All that waited for one session may come back in one statement of at most 65,535 values.
    reader.key("writer_queue", wsd.writer_queue, {.least = 1, .most = 15'000});
    reader.key("writer_batch", wsd.writer_batch, {.least = 1, .most = 1000});
    reader.key("drain_timeout_s", wsd.drain_timeout, kAtLeastOne);

    reader.section("feed");
    reader.key("poll_active_ms", config.feed.poll_active, kAtLeastOne);
    reader.key("poll_idle_ms", config.feed.poll_idle, kAtLeastOne);
    reader.key("batch", config.feed.batch, {.least = 1, .most = 10'000});
    reader.key("hole_timeout_s", config.feed.hole_timeout, kAtLeastOne);
    reader.key("retention_h", config.feed.retention, kAtLeastOne);

    reader.section("doorbell");
    reader.key("ring", config.doorbell.ring);
    reader.key("listen", config.doorbell.listen);

    reader.section("retention");
    reader.key("days", config.retention.days, {.least = 0, .most = 36'500});
    reader.key("empty_days", config.retention.empty_days, {.least = 0, .most = 36'500});

    reader.section("log");
    reader.key("level", config.log.level);
    reader.key("format", config.log.format);
    reader.key("slow_request_ms", config.log.slow_request);
    reader.finish();
}

toml::table parse_toml(std::string_view text, std::string_view origin) {
    try {
        return toml::parse(text, origin);
    } catch (const toml::parse_error& error) {
        std::ostringstream what;
        what << origin << ':' << error.source().begin.line << ": " << error.description();
        throw ConfigError(what.str());
    }
}

// Reads the override alone, so that an error names it and not a line of the file. The value may be
// a secret and is not repeated.
void check_override(const std::string& section, const std::string& key, const toml::node& value) {
    toml::table alone;
    toml::table table;
    table.insert_or_assign(key, value);  // the copy has no line of its own
    alone.insert_or_assign(section, std::move(table));
    Reader reader(alone, "--set " + section + "." + key);
    Config config;
    read_all(reader, config);
}

// Every user of the machine can read the command line of every program (ps).
void refuse_secret(const std::string& section, const std::string& key, const std::string& value) {
    const std::string path = section + "." + key;
    if (value.empty() || (path != "auth.site_secret" && path != "database.password")) return;
    throw ConfigError(
        "--set " + path + ": the command line is no place for a secret, which ps shows",
        "put it into a file and set " + path + "_file");
}

// "section.key=value" -> one key of a table.
void apply_override(toml::table& root, const std::string& text) {
    const std::string origin = "--set " + text;
    const auto equals = text.find('=');
    const auto dot = text.find('.');
    if (equals == std::string::npos || dot == std::string::npos || dot == 0 || dot + 1 >= equals) {
        throw ConfigError(origin + ": write section.key=value");
    }
    const std::string section = text.substr(0, dot);
    const std::string key = text.substr(dot + 1, equals - dot - 1);
    const std::string value = text.substr(equals + 1);
    toml::table parsed;
    try {
        parsed = toml::parse("value = " + value);
    } catch (const toml::parse_error&) {
        parsed.insert_or_assign("value", value);  // a string without its quotes
    }
    refuse_secret(section, key, value);
    check_override(section, key, *parsed.get("value"));
    auto [place, fresh] = root.emplace<toml::table>(section);
    auto* table = place->second.as_table();
    if (!table) throw ConfigError(origin + ": " + section + " is not a section");
    table->insert_or_assign(key, *parsed.get("value"));
}

template <class Need>
void check_auth(const Config& config, const Need& need) {
    const auto& auth = config.auth;
    need(auth.mode == "token" || auth.mode == "open", "auth.mode is token or open");
    const bool local = is_local_endpoint(config.fcgi.listen) &&
                       std::ranges::all_of(config.wsd.listen, is_local_endpoint);
    need(auth.mode != "open" || local || auth.open_on_public_address,
         "auth.mode is open, and a listener is not on loopback: set auth.open_on_public_address"
         " too, if everybody who reaches it may do everything");
    need(auth.cookie_secure == "auto" || auth.cookie_secure == "always",
         "auth.cookie_secure is auto or always");
    for (const auto& allowed : auth.allowed_origins) {
        need(is_origin(allowed), "auth.allowed_origins: \"" + allowed +
                                     "\" is not an origin like \"https://www.example.org\" or"
                                     " \"capacitor://localhost\" (no path, no *)");
    }
}

template <class Need>
void check_endpoints(const Config& config, const Need& need) {
    const auto one = [&need](const std::string& key, const std::string& endpoint) {
        need(is_endpoint(endpoint),
             key + " is unix:/path (107 bytes at most) or host:port, not \"" + endpoint + '"');
    };
    const auto optional = [&one](const std::string& key, const std::string& endpoint) {
        if (!endpoint.empty()) one(key, endpoint);
    };
    one("fcgi.listen", config.fcgi.listen);
    optional("fcgi.metrics_listen", config.fcgi.metrics_listen);
    need(!config.wsd.listen.empty(), "wsd.listen names no endpoint");
    for (const auto& endpoint : config.wsd.listen) one("wsd.listen", endpoint);
    optional("wsd.metrics_listen", config.wsd.metrics_listen);
    for (const auto& proxy : config.wsd.trusted_proxies) {
        need(parse_network(proxy).has_value(),
             "wsd.trusted_proxies: \"" + proxy +
                 "\" is neither an address nor a network like \"10.0.0.0/8\"");
    }
    for (const auto& endpoint : config.doorbell.ring) one("doorbell.ring", endpoint);
    optional("doorbell.listen", config.doorbell.listen);
}

// What the content limits allow has to fit through wherever it passes: where it does not, a message
// that is refused for its size is one that its sender sends again for ever.
template <class Need>
void check_wire(const Config& config, const Need& need) {
    const auto bytes = wire_bytes(config.limits);
    const auto holds = [&](const std::string& key, std::size_t value) {
        need(value >= bytes, key + " is " + std::to_string(value) + ", and a message of " +
                                 std::to_string(config.limits.message_bytes) +
                                 " bytes (limits.message_bytes) can have " + std::to_string(bytes) +
                                 " as JSON: raise the one or lower the other");
    };
    holds("limits.body_bytes", config.limits.body_bytes);
    holds("wsd.max_payload", config.wsd.max_payload);
    holds("wsd.max_write_buffer", config.wsd.max_write_buffer);
    need(config.wsd.max_incoming >= config.wsd.max_payload,
         "wsd.max_incoming is below wsd.max_payload");
}

void check(const Config& config, std::string_view origin) {
    const auto need = [&](bool good, const std::string& what) {
        if (!good) throw ConfigError(std::string(origin) + ": " + what);
    };
    check_endpoints(config, need);
    check_auth(config, need);
    need(!config.database.name.empty(), "database.name is empty");
    need(!config.database.host.empty() || !config.database.socket.empty(),
         "database needs a socket or a host");
    need(config.limits.history_default <= config.limits.history_limit,
         "limits.history_default is above limits.history_limit");
    const auto& name = config.wsd.name;
    need(!name.empty() && name.size() <= 32 &&
             std::ranges::all_of(
                 name, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; }),
         "wsd.name is 1 to 32 letters, digits, - or _");
    check_wire(config, need);
    need(config.feed.poll_active <= config.feed.poll_idle,
         "feed.poll_active_ms is above feed.poll_idle_ms");
    const auto& level = config.log.level;
    need(level == "debug" || level == "info" || level == "warning" || level == "error",
         "log.level is debug, info, warning or error");
    need(config.log.format == "text" || config.log.format == "json", "log.format is text or json");
}

// Its keys go before those that are in root already. It is read alone first, so that an error names
// its own line.
void merge(toml::table& root, const ConfigText& drop_in) {
    auto alone = parse_toml(drop_in.text, drop_in.origin);
    Reader reader(alone, drop_in.origin);
    Config config;
    read_all(reader, config);
    for (auto&& [section, keys] : parse_toml(drop_in.text, drop_in.origin)) {
        auto* table = root.emplace<toml::table>(section).first->second.as_table();
        if (!table) throw ConfigError(std::string(section.str()) + " is a section");
        for (auto&& [key, value] : *keys.as_table()) table->insert_or_assign(key, value);
    }
}

}  // namespace

std::size_t wire_bytes(const Limits& limits) {
    return kWorstEscape * limits.message_bytes + kEnvelopeBytes;
}

Config parse_config(const std::vector<ConfigText>& texts,
                    const std::vector<std::string>& overrides) {
    const std::string& origin = texts.front().origin;
    auto root = parse_toml(texts.front().text, origin);
    for (std::size_t i = 1; i < texts.size(); ++i) merge(root, texts[i]);
    for (const auto& override : overrides) apply_override(root, override);
    Config config;
    Reader reader(root, origin);
    read_all(reader, config);
    check(config, origin);
    return config;
}

Config parse_config(std::string_view text,
                    std::string_view origin,
                    const std::vector<std::string>& overrides) {
    return parse_config({{std::string(origin), std::string(text)}}, overrides);
}

}  // namespace livechat
