#include "base/secret.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(a_password_is_kept_as_argon2id_and_is_salted) {
    const auto hash = hash_password("correct horse");
    BOOST_TEST(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    BOOST_TEST(hash != hash_password("correct horse"));
    BOOST_TEST(verify_password(hash, "correct horse"));
    BOOST_TEST(!verify_password(hash, "correct horsf"));
    BOOST_TEST(!verify_password(hash, ""));
}

// php -r 'echo password_hash("from php", PASSWORD_ARGON2ID, ["memory_cost" => 1024, "time_cost" =>
// 2]);'
BOOST_AUTO_TEST_CASE(a_hash_made_by_php_is_good) {
    const std::string hash =
        "$argon2id$v=19$m=1024,t=2,p=1$SWUxUjJVbElpb0NRT21NQQ"
        "$EEbRQIvNud2/Qwu50OaRMdMZ59jpqvolAQN3vnwAi9A";
    BOOST_TEST(verify_password(hash, "from php"));
    BOOST_TEST(!verify_password(hash, "from PHP"));
}

const std::vector<std::string> kNoHashes{"", "plain", "$2y$10$abcdefghijklmnopqrstuv", "$argon2id$",
                                         "$argon2id$v=19$m=65536,t=2,p=1$x$y"};

BOOST_DATA_TEST_CASE(no_password_is_good_for_what_is_no_hash, kNoHashes, text) {
    BOOST_TEST(!verify_password(text, text));
    BOOST_TEST(!verify_password(text, ""));
}

BOOST_DATA_TEST_CASE(what_is_no_hash_is_said_to_be_unreadable, kNoHashes, text) {
    if (text.find("$x$y") != std::string::npos) return;  // of the right form
    BOOST_TEST((state_of_hash(text) == HashState::unreadable));
}

BOOST_AUTO_TEST_CASE(a_hash_of_other_parameters_is_outdated) {
    BOOST_TEST((state_of_hash(hash_password("x")) == HashState::current));
    BOOST_TEST(
        (state_of_hash("$argon2id$v=19$m=1024,t=2,p=1$SWUxUjJVbElpb0NRT21NQQ"
                       "$EEbRQIvNud2/Qwu50OaRMdMZ59jpqvolAQN3vnwAi9A") == HashState::outdated));
}

BOOST_AUTO_TEST_CASE(the_costliest_parameters_can_be_told) {
    BOOST_TEST(cost_of("$argon2id$v=19$m=65536,t=4,p=1") == 262'144u);
    BOOST_TEST(cost_of("$argon2i$v=19$m=1024,t=2,p=1") == 2'048u);
    BOOST_TEST(cost_of("*") == 0u);
    BOOST_TEST(cost_of("$2y$10$abc") == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_has_no_password_whatever_it_costs) {
    BOOST_TEST(!verify_no_password("x", "$argon2id$v=19$m=1024,t=2,p=1"));
    BOOST_TEST(!verify_no_password("x", "$2y$10"));
}

BOOST_AUTO_TEST_CASE(nobody_has_no_password) { BOOST_TEST(!verify_no_password("")); }

BOOST_AUTO_TEST_CASE(tokens_are_256_bits_and_never_the_same) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) seen.insert(new_token("lca_"));
    BOOST_TEST(seen.size() == 1'000u);
    BOOST_TEST(seen.begin()->size() == 47u);
    BOOST_TEST(new_token().size() == 43u);
}

// RFC 4231, test case 2.
const std::string kKey = "Jefe";
const std::string kText = "what do ya want for nothing?";
const std::string kMac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

BOOST_AUTO_TEST_CASE(a_signature_is_hmac_sha256) {
    BOOST_TEST(sign(kKey, kText) == kMac);
    BOOST_TEST(verify_signature(kKey, kText, kMac));
    BOOST_TEST(verify_signature(
        kKey, kText, "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"));
}

const std::vector<std::string> kNoSignatures{
    "",
    kMac.substr(1),
    kMac + "0",
    "0" + kMac.substr(1),
    kMac.substr(0, 63) + "2",
    kMac.substr(0, 63) + "g",
    kMac.substr(0, 62) + " 3",
    std::string(64, '\0'),
    std::string(100'000, '5'),
};

BOOST_DATA_TEST_CASE(any_other_text_is_no_signature, kNoSignatures, text) {
    BOOST_TEST(!verify_signature(kKey, kText, text));
}

BOOST_AUTO_TEST_CASE(a_signature_is_for_one_text_under_one_key) {
    BOOST_TEST(!verify_signature("jefe", kText, kMac));
    BOOST_TEST(!verify_signature(kKey, kText + " ", kMac));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
