#include "feed/publication.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace livechat::feed {
namespace {

using db::Notification;
using db::NotificationKind;

const Position kPosition{36, {35}};
const std::string kOffset = "10.1";

BOOST_AUTO_TEST_SUITE(publication)

BOOST_AUTO_TEST_CASE(a_message_is_a_new_message_for_its_room) {
    const Message message{3,     Side::admin,  "Hi \"you\"\n", "2025-03-10T12:00:00.000Z",
                          "m-1", /*read=*/true};
    const auto publication =
        publish({17, NotificationKind::message, 5, "user\u20ac", 3, message}, kPosition);
    BOOST_TEST(publication->room == "user\u20ac");
    BOOST_TEST(publication->position == 17u);
    BOOST_TEST(publication->broadcast->event() == "new-message");
    BOOST_TEST(publication->broadcast->data() ==
               "{\"clientId\":\"user\u20ac\","
               R"("message":"Hi \"you\"\n","sender":"admin",)"
               R"("createdAt":"2025-03-10T12:00:00.000Z","seq":3,"messageId":"m-1"})");
    BOOST_TEST(publication->broadcast->offset() == kOffset);
}

BOOST_AUTO_TEST_CASE(a_message_that_its_sender_did_not_name_has_no_message_id) {
    const Message message{1, Side::client, "x", "2025-03-10T12:00:00.000Z", std::nullopt, false};
    const auto publication = publish({1, NotificationKind::message, 5, "c", 1, message}, {1, {}});
    BOOST_TEST(publication->broadcast->data() ==
               R"({"clientId":"c","message":"x","sender":"client",)"
               R"("createdAt":"2025-03-10T12:00:00.000Z","seq":1})");
}

const std::vector<NotificationKind> kKinds{NotificationKind::client_read,
                                           NotificationKind::admin_read, NotificationKind::opened,
                                           NotificationKind::closed, NotificationKind::erased};
const std::vector<std::string> kEvents{"messages-read", "messages-read", "session-opened",
                                       "session-closed", "session-erased"};
const std::vector<std::string> kData{
    R"({"clientId":"a\"b","reader":"client","upTo":7})",
    R"({"clientId":"a\"b","reader":"admin","upTo":7})",
    R"({"clientId":"a\"b"})",
    R"({"clientId":"a\"b"})",
    R"({"clientId":"a\"b","upTo":7})",
};

BOOST_DATA_TEST_CASE(each_other_kind_has_its_event,
                     boost::unit_test::data::xrange(kKinds.size()),
                     index) {
    const auto publication = publish({18, kKinds[index], 5, "a\"b", 7, {}}, kPosition);
    BOOST_TEST(publication->room == "a\"b");
    BOOST_TEST(publication->position == 18u);
    BOOST_TEST(publication->broadcast->event() == kEvents[index]);
    BOOST_TEST(publication->broadcast->data() == kData[index]);
    BOOST_TEST(publication->broadcast->offset() == kOffset);
}

BOOST_AUTO_TEST_CASE(a_notification_of_an_unknown_kind_is_an_event_for_no_one) {
    const Message message{3, Side::client, "hush", "2025-03-10T12:00:00.000Z", std::nullopt, false};
    BOOST_TEST(!publish({17, std::nullopt, 5, "c", 3, message}, kPosition));
    BOOST_TEST(!publish({17, NotificationKind::visitor, 5, "c", 0, {}}, kPosition));
}

BOOST_AUTO_TEST_CASE(with_too_many_holes_an_event_has_an_offset_that_leads_nowhere) {
    Position position{100, {}};
    for (Id id = 1; id <= Position::kMaxHoles + 1; ++id) position.holes.push_back(id);
    const auto publication = publish({100, NotificationKind::opened, 5, "c", 0, {}}, position);
    BOOST_TEST(publication->broadcast->offset() == "-");
}

BOOST_AUTO_TEST_CASE(a_session_is_shown_to_those_who_watch_and_is_not_resumed) {
    Session session{"c", SessionStatus::active, "2025-03-10T11:00:00.000Z", 0, 1, 2, std::nullopt};
    const auto publication = publish_session(session, 9);
    BOOST_TEST(publication.room == hub::kWatchersRoom);
    BOOST_TEST(publication.position == 9u);
    BOOST_TEST(publication.broadcast->event() == "session-updated");
    BOOST_TEST(publication.broadcast->data() ==
               R"({"clientId":"c","status":"active","lastMessage":null,)"
               R"("unread":{"client":1,"admin":2},"createdAt":"2025-03-10T11:00:00.000Z"})");
    BOOST_TEST(publication.broadcast->offset().empty());
}

BOOST_AUTO_TEST_CASE(those_who_watch_see_what_is_known_of_the_visitor) {
    Session session{
        "c",      SessionStatus::active, "2025-03-10T11:00:00.000Z", 0, 0, 0, std::nullopt, {},
        Visitor{}};
    (*session.visitor)[VisitorField::name] = "<b>";
    session.visitor->updated_at = "2025-03-10T11:00:01.000Z";
    BOOST_TEST(
        publish_session(session, 9)
            .broadcast->data()
            .ends_with(R"(,"visitor":{"name":"<b>","updatedAt":"2025-03-10T11:00:01.000Z"}})"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::feed
