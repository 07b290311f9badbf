#include "base/sealed_datagram.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat {
namespace {

using namespace std::chrono_literals;

const SealTime kNow{std::chrono::seconds(1'700'000'000)};
const std::string kSecret = "correct horse";

BOOST_AUTO_TEST_SUITE(sealed_datagram)

BOOST_AUTO_TEST_CASE(what_is_sealed_is_read_with_the_same_secret) {
    for (const std::string said : {"", "[\"presence\"]", "recall \x01"}) {
        const auto sealed = seal_datagram(kSecret, said, kNow);
        BOOST_TEST(sealed.size() == kSealBytes + said.size());
        BOOST_TEST(open_datagram(kSecret, sealed, kNow).value() == said);
    }
}

BOOST_AUTO_TEST_CASE(another_secret_or_none_opens_nothing) {
    const auto sealed = seal_datagram(kSecret, "x", kNow);
    BOOST_TEST(!open_datagram("another horse", sealed, kNow));
    BOOST_TEST(!open_datagram("", sealed, kNow));
    BOOST_TEST(!open_datagram("", seal_datagram("", "x", kNow), kNow));
}

BOOST_AUTO_TEST_CASE(whatever_byte_is_changed_it_is_not_believed) {
    const auto sealed = seal_datagram(kSecret, "typing", kNow);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        BOOST_TEST(!open_datagram(kSecret, changed, kNow));
        BOOST_TEST(!open_datagram(kSecret, std::string_view(sealed).substr(0, i), kNow));
    }
    BOOST_TEST(!open_datagram(kSecret, sealed + "x", kNow));
    BOOST_TEST(!open_datagram(kSecret, "[\"evil\",\"c\",true,\"admin\"]", kNow));
}

BOOST_AUTO_TEST_CASE(it_is_believed_for_a_minute) {
    const auto sealed = seal_datagram(kSecret, "x", kNow);
    for (const auto apart : {-60s, 0s, 60s}) {
        BOOST_TEST(open_datagram(kSecret, sealed, kNow + apart).has_value());
    }
    for (const auto apart : {-61s, 61s}) {
        BOOST_TEST(!open_datagram(kSecret, sealed, kNow + apart));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
