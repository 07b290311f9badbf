// Rows of a statement that takes any number of them, in pieces of few sizes: a statement stays
// prepared for each number of rows, in the server's memory and in ours.
#pragma once

#include <cstddef>
#include <span>

namespace livechat::db {

// Rows in pieces that a server takes in one statement: use(piece) for all rows in their order, each
// piece as long as size_of(row) of its rows comes to at most half of `packet`, or one row. packet:
// what the server takes, in bytes; 0: not known.
template <class Row, class SizeOf, class Use>
void for_packets(std::span<const Row> rows, std::size_t packet, SizeOf size_of, Use use) {
    while (!rows.empty()) {
        std::size_t count = 0;
        std::size_t bytes = 0;
        while (count < rows.size()) {
            bytes += size_of(rows[count]);
            if (count > 0 && packet > 0 && bytes > packet / 2) break;
            ++count;
        }
        use(rows.first(count));
        rows = rows.subspan(count);
    }
}

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
