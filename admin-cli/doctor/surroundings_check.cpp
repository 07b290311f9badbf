#include "doctor/surroundings_check.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>
#include <vector>

#include "doctor/endpoint_probe.hpp"

namespace livechat::admin {
namespace {

namespace fs = std::filesystem;

// Beside a socket for each client: database, listeners, log.
constexpr std::uint64_t kOtherFiles = 100;

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    return text.str();
}

void check_secret(const std::string& file, const std::string& key, Findings& findings) {
    struct stat about {};
    if (file.empty() || stat(file.c_str(), &about) != 0) return;
    if ((about.st_mode & S_IRWXO) != 0) {
        findings.push_back(bad("everyone may read " + file + " (" + key + ")", "chmod o= " + file));
    } else {
        findings.push_back(good(file + " is not for everyone to read"));
    }
}

bool is_in_group(const passwd& user, gid_t group) {
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) < 0) return false;
    groups.resize(static_cast<std::size_t>(count));
    return std::ranges::find(groups, group) != groups.end();
}

// Whether a user may connect to a unix socket: that needs the right to write to it.
bool may_connect(const std::string& user, const std::string& path) {
    struct stat about {};
    const passwd* entry = getpwnam(user.c_str());
    if (!entry || stat(path.c_str(), &about) != 0) return true;  // nothing to be said
    if ((about.st_mode & S_IWOTH) != 0) return true;
    if (about.st_uid == entry->pw_uid) return (about.st_mode & S_IWUSR) != 0;
    return (about.st_mode & S_IWGRP) != 0 && is_in_group(*entry, about.st_gid);
}

void check_endpoint(const std::string& endpoint,
                    const std::string& program,
                    const std::string& key,
                    const Surroundings& surroundings,
                    Findings& findings) {
    constexpr std::string_view kUnix = "unix:";
    const auto problem = program == "livechat-wsd"
                             ? probe_http(endpoint, "/socket.io/?EIO=4&transport=none", 400)
                             : probe_connect(endpoint);
    if (!problem.empty()) {
        findings.push_back(
            bad(program + " does not answer at " + endpoint + " (" + key + "): " + problem,
                "start it, also after the next reboot (systemctl enable --now " +
                    std::string(program == "livechat-wsd" ? "livechat-wsd.target livechat-wsd@a"
                                                          : "livechat-fcgi.socket livechat-fcgi") +
                    "), or look into journalctl -u '" + program + "*'"));
        return;
    }
    findings.push_back(good(program + " answers at " + endpoint));
    const auto path = endpoint.starts_with(kUnix) ? endpoint.substr(kUnix.size()) : "";
    if (!path.empty() && !may_connect(surroundings.web_user, path)) {
        findings.push_back(
            bad("nginx's user " + surroundings.web_user + " may not connect to " + path,
                "give the socket's folder that group: systemd-tmpfiles --create, then restart " +
                    program));
    }
}

bool mentions_livechat(const fs::path& file) {
    std::istringstream lines(read_text(file));
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string::npos || line[first] == '#') continue;
        if (line.find("livechat") != std::string::npos) return true;
    }
    return false;
}

}  // namespace

Findings check_configuration(const Config& config, const Surroundings& surroundings) {
    Findings findings;
    findings.push_back(good("the configuration " + surroundings.config_file.string() + " is good"));
    for (const auto& key : config.former_keys)
        findings.push_back(notice(key + " does nothing in this version", "remove it"));
    check_secret(config.database.password_file, "database.password_file", findings);
    check_secret(config.auth.site_secret_file, "auth.site_secret_file", findings);
    if (config.database.password_file.empty() && !config.database.password.empty()) {
        check_secret(surroundings.config_file.string(), "database.password", findings);
    }
    if (config.auth.mode == "open") {
        findings.push_back(
            notice("everybody may read and write every conversation (auth.mode = \"open\")",
                   "set auth.mode = \"token\" unless only people you trust reach this server"));
    }
    if (config.doorbell.ring.empty()) {
        findings.push_back(
            notice("messages of REST and SQL are seen at the daemons' next look into the"
                   " database (doorbell.ring is empty)",
                   "name every daemon's doorbell.listen in doorbell.ring"));
    }
    return findings;
}

Findings check_sockets(const Config& config, const Surroundings& surroundings) {
    Findings findings;
    check_endpoint(config.fcgi.listen, "livechat-fcgi", "fcgi.listen", surroundings, findings);
    for (const auto& endpoint : config.wsd.listen) {
        check_endpoint(endpoint, "livechat-wsd", "wsd.listen", surroundings, findings);
    }
    return findings;
}

Finding check_nginx(const Surroundings& surroundings) {
    std::error_code error;
    if (!fs::is_directory(surroundings.nginx, error)) {
        return notice("there is no nginx on this machine (" + surroundings.nginx.string() + ")",
                      "have a web server lead /api/chat, /socket.io/ and /ws here; see install.md");
    }
    for (const char* folder : {"sites-enabled", "conf.d"}) {
        for (const auto& entry : fs::directory_iterator(surroundings.nginx / folder, error)) {
            if (mentions_livechat(entry.path())) {
                return good("nginx's " + entry.path().string() + " leads here");
            }
        }
    }
    if (mentions_livechat(surroundings.nginx / "nginx.conf")) {
        return good("nginx's nginx.conf leads here");
    }
    return bad(
        "no site of nginx leads to livechat",
        "enable one, or include livechat-locations.conf in yours (install.md says both), then"
        " nginx -t && systemctl reload nginx");
}

std::optional<std::uint64_t> open_files_limit(std::string_view limits) {
    constexpr std::string_view kName = "Max open files";
    const auto place = limits.find(kName);
    if (place == std::string_view::npos) return std::nullopt;
    limits.remove_prefix(place + kName.size());
    const auto first = limits.find_first_not_of(' ');
    if (first == std::string_view::npos) return std::nullopt;
    limits.remove_prefix(first);
    std::uint64_t limit = 0;
    const auto [end, failure] =
        std::from_chars(limits.data(), limits.data() + limits.size(), limit);
    if (failure != std::errc{}) return std::nullopt;
    return limit;
}

Findings check_file_limits(const Config& config, const Surroundings& surroundings) {
    Findings findings;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(surroundings.proc, error)) {
        const auto pid = entry.path().filename().string();
        if (!std::ranges::all_of(pid, [](char c) { return c >= '0' && c <= '9'; })) continue;
        if (read_text(entry.path() / "comm") != "livechat-wsd\n") continue;
        const auto limit = open_files_limit(read_text(entry.path() / "limits"));
        if (!limit) continue;
        const auto wanted = config.wsd.max_sessions + kOtherFiles;
        if (*limit < wanted) {
            findings.push_back(
                notice("livechat-wsd (process " + pid + ") may open " + std::to_string(*limit) +
                           " files, and wsd.max_sessions wants " + std::to_string(wanted),
                       "raise LimitNOFILE of its unit, or lower wsd.max_sessions"));
        } else {
            findings.push_back(good("livechat-wsd (process " + pid + ") may open enough files"));
        }
    }
    return findings;
}

}  // namespace livechat::admin
