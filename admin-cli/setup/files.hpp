// The files that setup keeps: secrets and a part of the configuration.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace livechat::admin {

// All of it; nullopt: it is not there, or may not be read.
std::optional<std::string> read_text_file(const std::filesystem::path& file);

// The first line of a secret; nullopt as above, or an empty one.
std::optional<std::string> read_secret(const std::filesystem::path& file);

// In one step: a reader finds the old text or the new one. Makes the folder (secret: for
// its owner alone, as the file). Stop if that cannot be.
void write_text_file(const std::filesystem::path& file, std::string_view text, bool secret);

// Only one at a time works in a folder, or in those below the nearest one that is there. Stop if
// another process does.
class FolderLock {
  public:
    explicit FolderLock(std::filesystem::path folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int fd_ = -1;
};

}  // namespace livechat::admin
