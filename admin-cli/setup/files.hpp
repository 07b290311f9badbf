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

// In one step: whoever reads it finds the old text or the new one. Makes the folder (secret: for
// its owner alone, as the file). Stop if that cannot be.
void write_text_file(const std::filesystem::path& file, std::string_view text, bool secret);

// The right to read it is its owner's, or his group's, alone.
bool is_private(const std::filesystem::path& file);

}  // namespace livechat::admin
