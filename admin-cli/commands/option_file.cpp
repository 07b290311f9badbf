#include "commands/option_file.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

#include "terminal/exit.hpp"

namespace livechat::admin {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Quotes around a value, and \\ \" \s \t \n in it.
std::string unquoted(std::string_view value) {
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front()) {
        value = value.substr(1, value.size() - 2);
    }
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            out += value[i];
            continue;
        }
        const char c = value[++i];
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 's' ? ' ' : c;
    }
    return out;
}

}  // namespace

DatabaseConfig parse_option_file(std::string_view text) {
    DatabaseConfig database;
    database.user = "root";
    bool socket_named = false;
    std::string group;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line[0] == '#' || line[0] == ';') continue;
        if (line[0] == '[') {
            group = line.substr(1, line.find(']') - 1);
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const auto key = trimmed(line.substr(0, equals));
        auto value = unquoted(trimmed(line.substr(equals + 1)));
        if (group == "mysql" && key == "database") database.name = std::move(value);
        if (group != "client" || value.empty()) continue;
        if (key == "socket") {
            database.socket = std::move(value);
            socket_named = true;
        } else if (key == "host") {
            database.host = std::move(value);
        } else if (key == "port") {
            std::from_chars(value.data(), value.data() + value.size(), database.port);
        } else if (key == "user") {
            database.user = std::move(value);
        } else if (key == "password") {
            database.password = std::move(value);
        }
    }
    // As for the clients, "localhost" is the socket.
    if (socket_named || database.host == "localhost") database.host.clear();
    return database;
}

DatabaseConfig read_option_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || !text) {
        throw Stop("cannot read " + file.string() +
                       ": name an option file that you may read with"
                       " --defaults-file",
                   kBadUsage);
    }
    return parse_option_file(text.str());
}

}  // namespace livechat::admin
