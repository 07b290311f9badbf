// Rows in pieces of few sizes.
#include "db/pieces.hpp"

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <numeric>
#include <set>
#include <span>
#include <vector>

namespace livechat::db {
namespace {

BOOST_AUTO_TEST_SUITE(pieces)

BOOST_AUTO_TEST_CASE(all_rows_come_in_their_order_in_two_pieces_at_most) {
    std::set<std::size_t> sizes;
    for (int count = 0; count <= 500; ++count) {
        std::vector<int> rows(static_cast<std::size_t>(count));
        std::iota(rows.begin(), rows.end(), 0);
        std::vector<int> seen;
        int calls = 0;
        for_pieces(std::span<const int>(rows), [&](std::span<const int> piece) {
            ++calls;
            sizes.insert(piece.size());
            seen.insert(seen.end(), piece.begin(), piece.end());
        });
        BOOST_TEST(seen == rows);
        BOOST_TEST(calls <= 2);
    }
    BOOST_TEST(!sizes.contains(0));
    BOOST_TEST(sizes.size() == 15U + 31U);  // 1 to 15, and 16 to 496 in steps
}

BOOST_AUTO_TEST_CASE(no_statement_takes_more_than_half_a_packet_but_one_row_always_goes) {
    const std::vector<std::size_t> rows{10, 40, 50, 1, 200, 30, 30, 30};
    std::vector<std::vector<std::size_t>> parts;
    const auto size_of = [](std::size_t row) { return row; };
    const auto keep = [&](std::span<const std::size_t> part) {
        parts.emplace_back(part.begin(), part.end());
    };
    for_packets(std::span(rows), 200, size_of, keep);
    const std::vector<std::vector<std::size_t>> expected{{10, 40, 50}, {1}, {200}, {30, 30, 30}};
    BOOST_TEST((parts == expected));
    parts.clear();
    for_packets(std::span(rows), 0, size_of, keep);
    BOOST_TEST((parts == std::vector<std::vector<std::size_t>>{rows}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
