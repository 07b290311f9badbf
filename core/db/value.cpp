#include "db/value.hpp"

#include <bit>

namespace livechat::db {

std::string placeholders(std::size_t rows, std::size_t columns) {
    std::string group = "(";
    for (std::size_t i = 0; i < columns; ++i) group += i == 0 ? "?" : ",?";
    group += ')';
    std::string all;
    all.reserve(rows * (group.size() + 1));
    for (std::size_t i = 0; i < rows; ++i) {
        if (i > 0) all += ',';
        all += group;
    }
    return all;
}

std::vector<Value> in_list(std::vector<Value> values) {
    if (!values.empty()) values.resize(std::bit_ceil(values.size()), values.back());
    return values;
}

}  // namespace livechat::db
