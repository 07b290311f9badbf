#include "setup/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "terminal/exit.hpp"

namespace livechat::admin {
namespace {

constexpr mode_t kSecretFile = 0600;
constexpr mode_t kPublicFile = 0644;

[[noreturn]] void cannot_write(const std::filesystem::path& file, int error) {
    throw Stop("cannot write " + file.string() + " (" + std::strerror(error) + "): " +
               (error == ENOSPC || error == EDQUOT
                    ? "make room there and run this again"
                    : "run this as root, or name another folder with --config"));
}

void write_all(int descriptor, std::string_view text, const std::filesystem::path& file) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) cannot_write(file, errno);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

std::optional<std::string> read_text_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::optional<std::string> read_secret(const std::filesystem::path& file) {
    auto text = read_text_file(file);
    if (!text) return std::nullopt;
    text->resize(std::min(text->find_first_of("\r\n"), text->size()));
    if (text->empty()) return std::nullopt;
    return text;
}

void write_text_file(const std::filesystem::path& file, std::string_view text, bool secret) {
    std::error_code error;
    const auto folder = file.parent_path();
    if (std::filesystem::create_directories(folder, error) && secret) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
    if (error) cannot_write(folder, error.value());
    const auto fresh = file.string() + ".new";
    ::unlink(fresh.c_str());
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                  secret ? kSecretFile : kPublicFile);
    if (descriptor < 0) cannot_write(file, errno);
    write_all(descriptor, text, file);
    if (!secret) ::fchmod(descriptor, kPublicFile);  // whatever the umask is
    const bool kept = ::fsync(descriptor) == 0;
    if (::close(descriptor) != 0 || !kept || ::rename(fresh.c_str(), file.c_str()) != 0)
        cannot_write(file, errno);
}

FolderLock::FolderLock(std::filesystem::path folder) {
    std::error_code error;
    while (!std::filesystem::is_directory(folder, error) && folder.has_relative_path()) {
        folder = folder.parent_path();
    }
    fd_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // Who may not read the folder is told so when he writes.
    if (fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(fd_);
        throw Stop("another setup is at work in " + folder.string() +
                   ": wait for its end and run this again");
    }
}

FolderLock::~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace livechat::admin
