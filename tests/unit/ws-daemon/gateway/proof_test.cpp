#include "gateway/proof.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::gateway {
namespace {

using Hashes = std::vector<std::string>;

Identity identity_of(const std::string& hash) {
    Identity identity;
    identity.token_hash = hash;
    return identity;
}

BOOST_AUTO_TEST_SUITE(proof)

BOOST_AUTO_TEST_CASE(it_tells_what_some_of_the_tokens_prove) {
    const Proof proof({"c", "a", "b"}, {identity_of("a"), identity_of("c")});
    BOOST_TEST((proof.of(Hashes{"a", "b"})->identities == std::vector{identity_of("a")}));
    BOOST_TEST(proof.of(Hashes{"b"})->identities.empty());
}

BOOST_AUTO_TEST_CASE(it_tells_nothing_if_one_of_them_was_not_asked_about) {
    const Proof proof({"a"}, {identity_of("a")});
    BOOST_TEST(!proof.of(Hashes{"a", "b"}));
    BOOST_TEST(!Proof{}.of(Hashes{"a"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
