// Rows of a statement that takes any number of them, in pieces of few sizes: a statement stays
// prepared for each number of rows, in the server's memory and in ours.
#pragma once

#include <cstddef>
#include <span>

namespace livechat::db {

// Calls use(piece) for all rows in their order, twice at most. A piece has fewer than kStep rows or
// a multiple of kStep.
template <class Row, class Use>
void for_pieces(std::span<const Row> rows, Use use) {
    constexpr std::size_t kStep = 16;
    while (!rows.empty()) {
        const auto size = rows.size() < kStep ? rows.size() : rows.size() - rows.size() % kStep;
        use(rows.first(size));
        rows = rows.subspan(size);
    }
}

}  // namespace livechat::db
