#include "base/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <limits>
#include <set>
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

constexpr std::int64_t kMostNumber = std::numeric_limits<std::int32_t>::max();
// Less than that holds no message at all.
constexpr std::int64_t kLeastOnWire = kEnvelopeBytes + kWorstEscape;

// Of a number; both ends are good.
struct Range {
    std::int64_t least;
    std::int64_t most;
};

// Takes the known keys out of a parsed table, one by one. What is left at the end is unknown.
class Reader {
  public:
    Reader(toml::table& root, std::string_view origin) : root_(root), origin_(origin) {}

    template <class Target>
    void key(std::string_view section, std::string_view name, Target& target, Range range) {
        path_ = std::string(section) + '.' + std::string(name);
        auto* const table = table_of(section);
        if (auto* const node = table ? table->get(name) : nullptr) {
            read(*node, target, range);
            table->erase(name);
        }
    }

    // One that an older version knew; `seen` gets its name where it is still there.
    void former_key(std::string_view section,
                    std::string_view name,
                    std::vector<std::string>& seen) {
        auto* const table = table_of(section);
        if (!table || !table->get(name)) return;
        seen.push_back(std::string(section) + '.' + std::string(name));
        table->erase(name);
    }

    // A value that older versions wrote out as the default and that would be wrong today: it stands
    // for the present default. `seen` gets its name.
    void former_default(std::string_view section,
                        std::string_view name,
                        std::int64_t former,
                        std::vector<std::string>& seen) {
        auto* const table = table_of(section);
        auto* const node = table ? table->get(name) : nullptr;
        if (!node || node->value<std::int64_t>() != former) return;
        seen.push_back(std::string(section) + '.' + std::string(name) + " = " +
                       std::to_string(former));
        table->erase(name);
    }

    // Refuses what is left.
    void finish() {
        for (auto&& [section, node] : root_) {
            auto* const table = node.as_table();
            if (!known_.contains(section.str())) {
                refuse(origin_, node,
                       (table ? "unknown section [" : "unknown key ") + std::string(section.str()) +
                           (table ? "]" : ""));
            }
            if (table->empty()) continue;
            const auto left = table->begin();  // owns the pair that it shows
            refuse(
                origin_, left->second,
                "unknown key " + std::string(section.str()) + '.' + std::string(left->first.str()));
        }
    }

  private:
    toml::table* table_of(std::string_view section) {
        known_.emplace(section);
        auto* const node = root_.get(section);
        if (!node) return nullptr;
        auto* const table = node->as_table();
        if (!table) {
            const std::string name(section);
            refuse(origin_, *node, name + " is a section: [" + name + "]");
        }
        return table;
    }

    void read(const toml::node& node, std::string& target, Range) {
        const auto* value = node.as_string();
        if (!value) refuse(origin_, node, path_ + " is a string");
        target = value->get();
    }

    void read(const toml::node& node, bool& target, Range) {
        const auto* value = node.as_boolean();
        if (!value) refuse(origin_, node, path_ + " is true or false");
        target = value->get();
    }

    void read(const toml::node& node, std::vector<std::string>& target, Range) {
        // One string stands for a list of one.
        if (const auto* one = node.as_string()) {
            target = {one->get()};
            return;
        }
        const auto* list = node.as_array();
        if (!list || !(list->empty() || list->is_homogeneous<std::string>())) {
            refuse(origin_, node, path_ + " is a list of strings");
        }
        target.clear();
        for (const auto& item : *list) target.push_back(*item.value<std::string>());
    }

    template <class Number>
    requires std::is_integral_v<Number>
    void read(const toml::node& node, Number& target, Range range) {
        target = static_cast<Number>(integer(node, range));
    }

    template <class Rep, class Period>
    void read(const toml::node& node, std::chrono::duration<Rep, Period>& target, Range range) {
        target = std::chrono::duration<Rep, Period>(static_cast<Rep>(integer(node, range)));
    }

    std::int64_t integer(const toml::node& node, Range range) {
        const auto* value = node.as_integer();
        if (!value || value->get() < range.least || value->get() > range.most) {
            refuse(origin_, node,
                   path_ + " is a whole number from " + std::to_string(range.least) + " to " +
                       std::to_string(range.most));
        }
        return value->get();
    }

    toml::table& root_;
    std::string origin_;
    std::string path_;                          // of the key that is read
    std::set<std::string, std::less<>> known_;  // sections
};

void read_all(Reader& reader, Config& config) {
    // Of both until 0.2: valid messages could be larger.
    constexpr std::int64_t kFormerWireBytes = 128 * 1024;
    reader.former_default("limits", "body_bytes", kFormerWireBytes, config.former_keys);
    reader.former_default("wsd", "max_payload", kFormerWireBytes, config.former_keys);
    reader.former_key("wsd", "writer_threads", config.former_keys);  // 0.1.0; there is one
#define LIVECHAT_KEY(section, name, member, least, most, reload) \
    reader.key(#section, #name, config.section.member, {least, most});
#include "base/config_keys.def"
#undef LIVECHAT_KEY
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
