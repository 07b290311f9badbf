// What a message makes of its session's row, when the writer numbers it and not the trigger.
#include "db/held_session.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>

using namespace livechat;
using db::HeldSession;

namespace {

const std::string kNow = "2025-03-10T12:00:00.000Z";

HeldSession session() {
    HeldSession held;
    held.client_id = "a";
    held.last_seq = 7;
    held.time = kNow;
    return held;
}

NewMessage message(Side sender, std::string text = "Hello") {
    return {"a", sender, std::move(text), std::nullopt};
}

std::string repeated(const std::string& what, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += what;
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(held_session)

BOOST_AUTO_TEST_CASE(a_message_takes_the_next_seq_and_is_unread_by_the_other_side) {
    auto held = session();
    held.client_unread = 2;
    const auto from_client = message(Side::client);
    const auto from_admin = message(Side::admin);
    held.add(from_client);
    BOOST_TEST(held.last_seq == 8U);
    BOOST_TEST(held.admin_unread == 1U);
    BOOST_TEST(held.client_unread == 2U);
    held.add(from_admin);
    BOOST_TEST(held.last_seq == 9U);
    BOOST_TEST(held.admin_unread == 1U);
    BOOST_TEST(held.client_unread == 3U);
    BOOST_TEST(held.newest == &from_admin);
}

BOOST_AUTO_TEST_CASE(the_client_waits_from_his_first_message_to_the_next_answer) {
    auto held = session();
    const auto from_client = message(Side::client);
    const auto from_admin = message(Side::admin);
    held.add(from_client);
    BOOST_TEST(held.waiting_since.value_or("") == kNow);
    held.time = "2025-03-10T12:00:01.000Z";
    held.add(from_client);
    BOOST_TEST(held.waiting_since.value_or("") == kNow);
    held.add(from_admin);
    BOOST_TEST(!held.waiting_since);
    held.add(from_client);
    BOOST_TEST(held.waiting_since.value_or("") == held.time);
}

BOOST_AUTO_TEST_CASE(the_clients_message_does_not_shorten_a_wait_that_began_earlier) {
    auto held = session();
    held.waiting_since = "2025-03-09T12:00:00.000Z";
    const auto from_client = message(Side::client);
    held.add(from_client);
    BOOST_TEST(held.waiting_since.value_or("") == "2025-03-09T12:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_text_is_copied_up_to_255_code_points) {
    for (const char* const character : {"x", "\xc3\xa4", "\xf0\x9f\x98\x80"}) {
        auto held = session();
        const auto fits = message(Side::client, repeated(character, 255));
        held.add(fits);
        BOOST_TEST((held.copied_text() == fits.text));
        const auto longer = message(Side::client, repeated(character, 256));
        held.add(longer);
        BOOST_TEST(!held.copied_text());
    }
}

BOOST_AUTO_TEST_SUITE_END()
