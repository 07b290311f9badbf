#include "api/handlers.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"

namespace livechat::api {
namespace {

const Limits kLimits;

template <class Document>
Json json_of(const Document& document) {
    std::string out;
    append_json(out, document);
    return Json::parse(out);
}

Message message(Seq seq, std::string text) {
    return {.seq = seq,
            .sender = Side::client,
            .text = std::move(text),
            .created_at = "2025-03-10T12:00:00.000Z",
            .message_id = {},
            .read = false};
}

BOOST_AUTO_TEST_SUITE(handlers)

BOOST_AUTO_TEST_CASE(a_history_without_parameters_is_the_first_page_of_the_default_length) {
    const auto query = read_history_query("", kLimits).value();
    BOOST_TEST(query.limit == 0u);
    BOOST_TEST(query.page == 1u);
    BOOST_TEST(!query.after);
    BOOST_TEST(!query.before);
}

BOOST_AUTO_TEST_CASE(a_history_takes_page_and_limit) {
    const auto query = read_history_query("page=20000&limit=200&utm_source=x", kLimits).value();
    BOOST_TEST(query.limit == 200u);
    BOOST_TEST(query.page == 20'000u);
}

BOOST_AUTO_TEST_CASE(a_history_is_read_by_seq) {
    BOOST_TEST(read_history_query("after=0", kLimits).value().after.value() == 0u);
    BOOST_TEST(read_history_query("before=7&limit=3", kLimits).value().before.value() == 7u);
}

struct BadQuery {
    std::string query;
    std::string code;
};
std::ostream& operator<<(std::ostream& out, const BadQuery& bad) { return out << bad.query; }

const std::vector<BadQuery> kBadHistories{
    {"limit=0", "limit_invalid"},
    {"limit=201", "limit_invalid"},
    {"limit=-1", "limit_invalid"},
    {"limit=", "limit_invalid"},
    {"limit=1.5", "limit_invalid"},
    {"limit=1e2", "limit_invalid"},
    {"limit=0x10", "limit_invalid"},
    {"limit=+5", "limit_invalid"},
    {"limit=5%00", "limit_invalid"},
    {"limit=99999999999999999999", "limit_invalid"},
    {"limit=50&limit=x", "limit_invalid"},
    {"page=0", "page_invalid"},
    {"page=-1", "page_invalid"},
    {"page=one", "page_invalid"},
    {"page", "page_invalid"},
    {"page=9007199254740992", "page_invalid"},
    {"after=-1", "seq_invalid"},
    {"after=x", "seq_invalid"},
    {"before=", "seq_invalid"},
    {"before=9007199254740992", "seq_invalid"},
    {"limit=%", "url_invalid"},
    {"%ff=1", "url_invalid"},
};

BOOST_DATA_TEST_CASE(a_bad_parameter_of_a_history_is_refused, kBadHistories, bad) {
    const auto query = read_history_query(bad.query, kLimits);
    BOOST_REQUIRE(!query);
    BOOST_TEST(query.error().status == 400);
    BOOST_TEST(to_string(query.error().code) == bad.code);
}

BOOST_AUTO_TEST_CASE(the_list_of_sessions_takes_limit_cursor_and_status) {
    const auto plain = read_session_query("", kLimits).value();
    BOOST_CHECK(plain.status == SessionStatus::active);
    BOOST_TEST(plain.limit == 0u);
    BOOST_TEST(!plain.cursor);

    const auto query = read_session_query("limit=1000&status=closed&cursor=c%5F1", kLimits).value();
    BOOST_CHECK(query.status == SessionStatus::closed);
    BOOST_TEST(query.limit == 1'000u);
    BOOST_TEST(query.cursor.value() == "c_1");
}

const std::vector<BadQuery> kBadLists{
    {"limit=0", "limit_invalid"},        {"limit=1001", "limit_invalid"},
    {"status=open", "status_invalid"},   {"status=", "status_invalid"},
    {"status=ACTIVE", "status_invalid"}, {"cursor=%e2", "url_invalid"},
};

BOOST_DATA_TEST_CASE(a_bad_parameter_of_the_list_is_refused, kBadLists, bad) {
    const auto query = read_session_query(bad.query, kLimits);
    BOOST_REQUIRE(!query);
    BOOST_TEST(query.error().status == 400);
    BOOST_TEST(to_string(query.error().code) == bad.code);
}

BOOST_AUTO_TEST_CASE(a_history_page_shows_its_place) {
    HistoryPage page{.messages = {message(1, "Hello")}, .total = 100, .page = 1, .total_pages = 2};
    const auto json = json_of(page);
    BOOST_TEST(json["total"] == 100);
    BOOST_TEST(json["page"] == 1);
    BOOST_TEST(json["totalPages"] == 2);
    BOOST_TEST(json["messages"].size() == 1u);
    BOOST_TEST(json["messages"][0]["message"] == "Hello");

    page.page.reset();
    BOOST_TEST(json_of(page)["page"].is_null());
}

BOOST_AUTO_TEST_CASE(an_initialized_session_comes_with_its_messages) {
    Initialized initialized;
    initialized.session.client_id = "user\"1";
    initialized.messages = {message(1, "a"), message(2, "b")};
    const auto json = json_of(initialized);
    BOOST_TEST(json["session"]["clientId"] == "user\"1");
    BOOST_TEST(json["session"]["status"] == "active");
    BOOST_TEST(json["messages"].size() == 2u);
    BOOST_TEST(json["messages"][1]["seq"] == 2);
}

BOOST_AUTO_TEST_CASE(the_list_of_sessions_is_an_array) {
    SessionPage page;
    BOOST_TEST(json_of(page) == Json::array());
    page.sessions.resize(2);
    page.sessions[0].client_id = "a";
    page.sessions[1].client_id = "b";
    const auto json = json_of(page);
    BOOST_TEST(json.size() == 2u);
    BOOST_TEST(json[1]["clientId"] == "b");
}

BOOST_AUTO_TEST_CASE(the_link_to_the_next_page_keeps_what_was_asked_for) {
    SessionQuery query;
    BOOST_TEST(next_link(query, "c1") ==
               R"(</api/chat/sessions?status=active&cursor=c1>; rel="next")");
    query.limit = 5;
    query.status = SessionStatus::closed;
    BOOST_TEST(next_link(query, "c1") ==
               R"(</api/chat/sessions?status=closed&limit=5&cursor=c1>; rel="next")");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::api
