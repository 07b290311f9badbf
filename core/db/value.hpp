// Values for the placeholders of a statement, and the SQL for lists of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace livechat::db {

// A value for one placeholder. Text is sent as the bytes it holds; the caller keeps it alive until
// the call returns.
using Value = std::variant<std::monostate, std::uint64_t, std::string_view>;

inline Value value_or_null(const std::optional<std::string>& text) {
    return text ? Value(std::string_view(*text)) : Value();
}

// "(?,?),(?,?)": `rows` groups of `columns` placeholders.
std::string placeholders(std::size_t rows, std::size_t columns);

// The values of an IN list, the last one repeated up to the next power of two. Lists of any length
// so make do with a few statements, which stay prepared.
std::vector<Value> in_list(std::vector<Value> values);

}  // namespace livechat::db
