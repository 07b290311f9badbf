#include "domain/signature.hpp"

#include <boost/test/unit_test.hpp>

#include "base/secret.hpp"

namespace livechat {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSecret = "a secret of the site";
constexpr std::chrono::system_clock::time_point kNow{1'000'000s};

std::string outcome(const Signature& signature, std::string_view secret = kSecret) {
    const auto checked = check_signature(secret, "alice", signature, kNow);
    return checked ? "good" : std::string(to_string(checked.error().code));
}

BOOST_AUTO_TEST_SUITE(signature)

BOOST_AUTO_TEST_CASE(the_signed_text_is_the_client_id_and_then_when_it_ends) {
    BOOST_TEST(signed_text("alice", {}) == "alice");
    BOOST_TEST(signed_text("alice", 1'700'000'000) == "alice\n1700000000");
}

BOOST_AUTO_TEST_CASE(one_without_an_end_is_good_for_ever) {
    BOOST_TEST(outcome({sign(kSecret, "alice")}) == "good");
}

BOOST_AUTO_TEST_CASE(one_with_an_end_is_good_until_then) {
    BOOST_TEST(outcome({sign(kSecret, "alice\n1000001"), 1'000'001}) == "good");
    BOOST_TEST(outcome({sign(kSecret, "alice\n1000000"), 1'000'000}) == "signature_expired");
    BOOST_TEST(outcome({sign(kSecret, "alice\n0"), 0}) == "signature_expired");
}

BOOST_AUTO_TEST_CASE(its_end_cannot_be_moved_added_or_left_out) {
    BOOST_TEST(outcome({sign(kSecret, "alice\n1000001"), 1'000'002}) == "signature_invalid");
    BOOST_TEST(outcome({sign(kSecret, "alice\n1000001")}) == "signature_invalid");
    BOOST_TEST(outcome({sign(kSecret, "alice"), 1'000'001}) == "signature_invalid");
}

BOOST_AUTO_TEST_CASE(without_a_secret_there_is_no_good_one) {
    BOOST_TEST(outcome({sign("", "alice")}, "") == "signature_invalid");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
