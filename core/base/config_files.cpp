// Where the configuration is found: the main file, the parts beside it, and the secrets, which come
// from files, systemd's credentials or the environment.
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/config.hpp"

namespace livechat {
namespace {

// remedy: what to do about a file that cannot be read.
std::string read_file(const std::filesystem::path& file,
                      const std::string& purpose,
                      const std::string& remedy) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::string text;
    try {
        in.exceptions(std::ios::badbit);
        text.assign(std::istreambuf_iterator<char>(in), {});
    } catch (const std::ios::failure&) {
        in.close();  // a folder, for example
    }
    if (!in.is_open()) {
        const std::string why = errno != 0 ? std::strerror(errno) : "it is no file";
        throw ConfigError(file.string() + ": cannot read " + purpose + " (" + why + ')',
                          errno == EACCES ? "run this as root, or let this user read it" : remedy);
    }
    return text;
}

// A secret that a file holds: the line end is not part of it.
std::string read_secret(const std::filesystem::path& file, const std::string& purpose) {
    auto secret = read_file(file, purpose, "this user must be able to read it");
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
    return secret;
}

// What systemd's LoadCredential= put under this name (systemd.exec(5)); nullopt: nothing.
std::optional<std::string> credential(const std::string& name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (!folder) return std::nullopt;
    const auto file = std::filesystem::path(folder) / name;
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return std::nullopt;
    auto secret = read_secret(file, "the credential " + name);
    if (secret.empty()) return std::nullopt;
    return secret;
}

// Into `secret`: what the environment or a credential of systemd's gives, else what the file holds.
void read_secret(std::string& secret,
                 const std::string& file,
                 const std::string& key,
                 const char* variable,
                 const std::string& credential_name) {
    if (!file.empty() && !secret.empty()) {
        throw ConfigError(key + " and " + key + "_file are both set: keep one");
    }
    if (const char* value = std::getenv(variable)) {
        secret = value;
    } else if (auto given = credential(credential_name)) {
        secret = *std::move(given);
    } else if (!file.empty()) {
        secret = read_secret(file, key + "_file");
    }
}

// Those beside the main file, in the order of their names.
std::vector<std::filesystem::path> drop_ins(const std::filesystem::path& file) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(file.parent_path() / "conf.d", error)) {
        if (entry.path().extension() == ".toml") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

// Of the secrets only their length is checked, once they are read.
void check_secrets(const AuthConfig& auth) {
    constexpr std::size_t kLeast = 16;
    if (!auth.site_secret.empty() && auth.site_secret.size() < kLeast) {
        throw ConfigError("auth.site_secret has at least 16 bytes: longer than anybody can guess");
    }
    if (auth.require_signature && auth.site_secret.empty()) {
        throw ConfigError("auth.require_signature needs a site secret (auth.site_secret_file)");
    }
}

}  // namespace

Config load_config(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
    constexpr const char* kNoFile =
        "name one that this user can read with --config; the package brings "
        "/etc/livechat/livechat.toml";
    constexpr const char* kNoPart = "this user must be able to read it";
    std::vector<ConfigText> texts{
        {file.string(), read_file(file, "the configuration file", kNoFile)}};
    for (const auto& drop_in : drop_ins(file)) {
        texts.push_back(
            {drop_in.string(), read_file(drop_in, "a part of the configuration", kNoPart)});
    }
    auto config = parse_config(texts, overrides);
    auto& database = config.database;
    read_secret(database.password, database.password_file, "database.password",
                "LIVECHAT_DATABASE_PASSWORD", "database.password");
    auto& auth = config.auth;
    read_secret(auth.site_secret, auth.site_secret_file, "auth.site_secret", "LIVECHAT_SITE_SECRET",
                "site.secret");
    check_secrets(auth);
    return config;
}

}  // namespace livechat
