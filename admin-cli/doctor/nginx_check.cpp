#include "doctor/nginx_check.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "doctor/command.hpp"

namespace livechat::admin {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMakeParts = "/usr/share/livechat/scripts/nginx-conf --install";
constexpr const char* kReload = ", then nginx -t && systemctl reload nginx";
// A socket takes the client's connection and one to the daemon.
constexpr std::uint64_t kConnectionsOfSocket = 2;
constexpr std::streamoff kNewestBytes = 256 * 1024;
constexpr std::size_t kFewLines = 20;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{}) return std::nullopt;
    if (end != text.data() + text.size() && (*end == 'k' || *end == 'K')) return value << 10;
    if (end != text.data() + text.size() && (*end == 'm' || *end == 'M')) return value << 20;
    return value;
}

// "worker_processes auto;" -> "worker_processes", "auto"
std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream in(line.substr(0, line.find('#')));
    for (std::string word; in >> word;) {
        // Several directives in one line are rare; the first is the one that counts.
        const auto end = word.find(';');
        if (end != 0) words.push_back(word.substr(0, end));
        if (end != std::string::npos) break;
    }
    return words;
}

void take(NginxConfiguration& nginx,
          const std::string& file,
          const std::vector<std::string>& words) {
    if (words.size() < 2) return;
    const auto& [name, value] = std::tie(words[0], words[1]);
    if (name == "worker_processes") nginx.processes = value;
    if (name == "worker_connections") nginx.connections = number(value).value_or(nginx.connections);
    if (name == "worker_rlimit_nofile") nginx.files = number(value);
    if (name == "worker_shutdown_timeout") nginx.ends_workers = true;
    if (name == "client_max_body_size" && file == "livechat-limits.conf")
        nginx.body_bytes = number(value);
    if (name == "access_log" && words.size() > 2 && words[2] == "livechat") nginx.log = value;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

Finding of_parts(const NginxConfiguration& nginx) {
    std::vector<std::string> others;
    for (const auto& [file, version] : nginx.parts) {
        if (version != LIVECHAT_VERSION)
            others.push_back(file + (version.empty() ? "" : " of " + version));
    }
    if (others.empty()) return good("nginx's parts are of this version");
    return bad(
        "nginx's parts are not of this version, " LIVECHAT_VERSION " (" + joined(others) + ")",
        kMakeParts + std::string(kReload));
}

Finding of_error(const std::string& error) {
    const bool twice = error.find("duplicate upstream \"livechat") != std::string::npos ||
                       error.find("duplicate \"log_format\" name \"livechat") != std::string::npos;
    const bool late = error.find("unknown log format \"livechat\"") != std::string::npos;
    const std::string what =
        "nginx does not take its configuration and could not be started again (" + error + ")";
    if (twice || late) {
        return bad(
            what,
            "have livechat-http.conf included once and before all sites: ln -s "
            "../livechat-http.conf /etc/nginx/conf.d/livechat.conf, and no such line in a site");
    }
    return bad(what, "correct it, then nginx -t && systemctl reload nginx");
}

Finding of_sockets(const NginxConfiguration& nginx, std::uint64_t wanted, unsigned cores) {
    const auto workers = nginx.processes == "auto" ? cores : number(nginx.processes).value_or(1);
    const auto each = nginx.files ? std::min(nginx.connections, *nginx.files) : nginx.connections;
    const auto sockets = workers * each / kConnectionsOfSocket;
    const auto text = "nginx takes " + std::to_string(sockets) + " sockets (worker_processes " +
                      nginx.processes + ", worker_connections " +
                      std::to_string(nginx.connections) + ")";
    if (sockets >= wanted) return good(text);
    const auto more =
        (wanted * kConnectionsOfSocket + workers - 1) / std::max<std::uint64_t>(workers, 1);
    return notice(text + ", all pages of its sites included, and wsd.max_sessions is " +
                      std::to_string(wanted),
                  "in nginx.conf, raise worker_connections (" + std::to_string(more) +
                      " for all of them) in events, and put worker_rlimit_nofile " +
                      std::to_string(2 * more) + " outside; or lower wsd.max_sessions");
}

Finding of_files(const NginxConfiguration& nginx) {
    if (nginx.files.value_or(0) >= nginx.connections)
        return good("nginx's workers may open a file for each of their connections");
    return notice(
        "nginx's workers may open fewer files than they have connections"
        " (worker_rlimit_nofile " +
            (nginx.files ? std::to_string(*nginx.files) : std::string("is not set")) +
            ", worker_connections " + std::to_string(nginx.connections) + ")",
        "put worker_rlimit_nofile " + std::to_string(2 * nginx.connections) +
            " into nginx.conf, outside of events and http" + kReload);
}

std::string newest_lines(const fs::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return {};
    const auto size = static_cast<std::streamoff>(in.tellg());
    in.seekg(std::max<std::streamoff>(0, size - kNewestBytes));
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// Others may read the file, and enter all folders above it.
bool everyone_may_read(const fs::path& file) {
    struct stat about {};
    if (stat(file.c_str(), &about) != 0 || (about.st_mode & S_IROTH) == 0) return false;
    for (auto folder = file.parent_path();; folder = folder.parent_path()) {
        if (stat(folder.c_str(), &about) != 0 || (about.st_mode & S_IXOTH) == 0) return false;
        if (folder == folder.root_path()) return true;
    }
}

}  // namespace

NginxConfiguration read_nginx_dump(std::string_view dump) {
    constexpr std::string_view kFile = "# configuration file ";
    constexpr std::string_view kMark = "# livechat ";
    NginxConfiguration nginx;
    std::string file;
    std::istringstream lines{std::string(dump)};
    for (std::string line; std::getline(lines, line);) {
        const bool failed =
            line.find("[emerg]") != std::string::npos || line.find("[crit]") != std::string::npos;
        if (failed && nginx.first_error.empty()) {
            const auto place = line.find("] ");
            nginx.first_error = line.substr(place == std::string::npos ? 0 : place + 2);
        } else if (line.starts_with(kFile)) {
            file = fs::path(line.substr(kFile.size(), line.size() - kFile.size() - 1)).filename();
            // By its own name, or by the one of the link in conf.d.
            if (file.starts_with("livechat-") && file.ends_with(".conf"))
                nginx.parts.emplace(file, "");
        } else if (line.starts_with(kMark) && nginx.parts.contains(file)) {
            const auto end = line.find(". ", kMark.size());
            if (end != std::string::npos)
                nginx.parts[file] = line.substr(kMark.size(), end - kMark.size());
        } else {
            take(nginx, file, words_of(line));
        }
    }
    return nginx;
}

Findings judge_nginx(const NginxConfiguration& nginx, const Config& config, unsigned cores) {
    if (!nginx.first_error.empty()) return {of_error(nginx.first_error)};
    Findings findings{good("nginx takes its configuration")};
    if (nginx.parts.empty()) return findings;
    findings.push_back(of_parts(nginx));
    findings.push_back(of_sockets(nginx, config.wsd.max_sessions, cores));
    findings.push_back(of_files(nginx));
    if (!nginx.ends_workers) {
        findings.push_back(
            notice("after a reload nginx's old workers stay until the last of their sockets ends"
                   " (worker_shutdown_timeout is not set)",
                   "put worker_shutdown_timeout 5m into nginx.conf, outside of events and http"));
    }
    const std::uint64_t wanted = std::max(config.limits.body_bytes, config.wsd.max_payload);
    if (nginx.body_bytes && *nginx.body_bytes < wanted) {
        findings.push_back(
            bad("nginx refuses bodies above " + std::to_string(*nginx.body_bytes) +
                    " bytes, and the programs would take " + std::to_string(wanted),
                std::string(kMakeParts) + " --body-bytes " + std::to_string(wanted) + kReload));
    }
    return findings;
}

std::optional<Finding> judge_log(std::string_view lines) {
    std::size_t all = 0;
    std::size_t unnamed = 0;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const auto line = lines.substr(0, end);
        ++all;
        if (line.ends_with(" unnamed-proxy")) ++unnamed;
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    if (unnamed < kFewLines || unnamed * 2 < all) return std::nullopt;
    return notice(
        std::to_string(unnamed) + " of the last " + std::to_string(all) +
            " requests came through a proxy that is not named, so that limits and bans take"
            " all its visitors for one",
        std::string(kMakeParts) + " --trusted-proxy ITS-ADDRESS (proxies.md says more)" + kReload);
}

Findings check_nginx_itself(const Config& config, const Surroundings& surroundings) {
    std::error_code error;
    if (!fs::exists(surroundings.nginx / "nginx.conf", error)) return {};
    if (::geteuid() != 0) {
        return {notice("nginx's configuration was not looked at, which only root may",
                       "run this as root")};
    }
    std::vector<std::string> words{"nginx", "-T"};
    if (surroundings.nginx != kNginx) {
        const auto prefix = surroundings.nginx.string() + "/";
        words.insert(words.end(), {"-p", prefix, "-c", "nginx.conf"});
    }
    const auto said = run_command(words);
    if (said.status == 127) return {};
    auto nginx = read_nginx_dump(said.text);
    if (said.status != 0 && nginx.first_error.empty()) nginx.first_error = "nginx -t fails";
    auto findings = judge_nginx(nginx, config, std::max(1U, std::thread::hardware_concurrency()));
    if (nginx.log.empty()) return findings;
    const fs::path log =
        fs::path(nginx.log).is_absolute() ? fs::path(nginx.log) : surroundings.nginx / nginx.log;
    if (everyone_may_read(log)) {
        findings.push_back(bad("everyone may read " + log.string() +
                                   ", which holds addresses and names of conversations",
                               "chmod o= " + log.string()));
    }
    if (auto finding = judge_log(newest_lines(log))) findings.push_back(*std::move(finding));
    return findings;
}

}  // namespace livechat::admin
