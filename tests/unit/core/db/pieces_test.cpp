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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
