#include "base/ids.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(ids)

// RFC 4648, section 10, without the padding; then bytes that use the two characters of base64url.
const std::vector<std::string> kBytes{"",      "f",      "fo",       "foo",         "foob",
                                      "fooba", "foobar", "\xfb\xff", "\xff\xff\xff"};
const std::vector<std::string> kTexts{"",        "Zg",       "Zm8", "Zm9v", "Zm9vYg",
                                      "Zm9vYmE", "Zm9vYmFy", "-_8", "____"};

BOOST_DATA_TEST_CASE(bytes_become_base64url_without_padding, kBytes ^ kTexts, bytes, text) {
    BOOST_TEST(base64url(bytes) == text);
}

BOOST_AUTO_TEST_CASE(a_nul_is_a_byte_like_any_other) {
    BOOST_TEST(base64url(std::string(3, '\0')) == "AAAA");
}

// FIPS 180-4's examples: nothing, one block, two blocks.
const std::vector<std::string> kHashed{"", "abc",
                                       "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"};
const std::vector<std::string> kHashes{"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                                       "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
                                       "JI1qYdIGOLjlwCaTDD5gOaM85Flk_yFn9uzt1BnbBsE"};

BOOST_DATA_TEST_CASE(a_hash_is_sha_256, kHashed ^ kHashes, bytes, hash) {
    BOOST_TEST(base64url(sha256(bytes)) == hash);
}

BOOST_AUTO_TEST_CASE(the_length_of_an_id_follows_from_its_bytes) {
    BOOST_TEST(random_id(15).size() == 20u);
    BOOST_TEST(random_id(32).size() == 43u);
    BOOST_TEST(random_id(0).empty());
}

BOOST_AUTO_TEST_CASE(ids_are_safe_in_a_url_and_do_not_repeat) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto id = random_id(15);
        BOOST_TEST(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_") == std::string::npos);
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
