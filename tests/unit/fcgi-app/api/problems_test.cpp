#include "api/problems.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace livechat::api {
namespace {

BOOST_AUTO_TEST_SUITE(problems)

const std::vector<ErrorCode> kBadRequests{
    ErrorCode::invalid_payload,   ErrorCode::client_id_required, ErrorCode::client_id_invalid,
    ErrorCode::message_required,  ErrorCode::message_invalid,    ErrorCode::message_too_long,
    ErrorCode::sender_invalid,    ErrorCode::limit_invalid,      ErrorCode::page_invalid,
    ErrorCode::seq_invalid,       ErrorCode::cursor_invalid,     ErrorCode::status_invalid,
    ErrorCode::message_id_invalid};

BOOST_AUTO_TEST_CASE(what_the_client_did_wrong_is_400) {
    for (const auto code : kBadRequests) {
        const auto problem = to_problem(Failure{code, "because"});
        BOOST_TEST(problem.status == 400);
        BOOST_CHECK(problem.code == code);
        BOOST_TEST(problem.detail == "because");
        BOOST_TEST(!problem.retry_after);
    }
}

BOOST_AUTO_TEST_CASE(a_session_that_is_not_there_is_404) {
    BOOST_TEST(to_problem(Failure{ErrorCode::session_not_found, "no"}).status == 404);
}

BOOST_AUTO_TEST_CASE(what_passes_is_503_and_says_when_to_come_back) {
    for (const auto code : {ErrorCode::busy, ErrorCode::unavailable}) {
        const auto problem = to_problem(Failure{code, "later"});
        BOOST_TEST(problem.status == 503);
        BOOST_TEST(problem.retry_after.has_value());
    }
    for (const auto kind : {db::ErrorKind::lost, db::ErrorKind::locked, db::ErrorKind::deadlock}) {
        const auto problem = to_problem(db::Error(kind, 2006, "MySQL server has gone away"));
        BOOST_TEST(problem.status == 503);
        BOOST_TEST(problem.retry_after.has_value());
        BOOST_TEST(problem.detail.find("MySQL") == std::string::npos);
    }
    BOOST_CHECK(to_problem(db::Error(db::ErrorKind::lost, 2006, "")).code ==
                ErrorCode::unavailable);
    BOOST_CHECK(to_problem(db::Error(db::ErrorKind::locked, 1205, "")).code == ErrorCode::busy);
}

BOOST_AUTO_TEST_CASE(a_stranger_is_401_and_whoever_may_not_is_403) {
    for (const auto code : {ErrorCode::unauthorized, ErrorCode::login_failed}) {
        BOOST_TEST(to_problem(Failure{code, "no"}).status == 401);
    }
    for (const auto code :
         {ErrorCode::forbidden, ErrorCode::signature_required, ErrorCode::signature_invalid,
          ErrorCode::signature_expired, ErrorCode::origin_refused, ErrorCode::origin_required,
          ErrorCode::banned}) {
        BOOST_TEST(to_problem(Failure{code, "no"}).status == 403);
    }
}

BOOST_AUTO_TEST_CASE(too_often_is_429_with_the_time_to_wait_in_whole_seconds) {
    using namespace std::chrono_literals;
    const auto wait = [](std::chrono::milliseconds time) {
        return to_problem(Failure{ErrorCode::rate_limited, "wait", time}).retry_after.value();
    };
    BOOST_TEST(to_problem(Failure{ErrorCode::rate_limited, "wait", 1ms}).status == 429);
    BOOST_TEST(wait(1ms).count() == 1);
    BOOST_TEST(wait(1000ms).count() == 1);
    BOOST_TEST(wait(1001ms).count() == 2);
}

BOOST_AUTO_TEST_CASE(any_other_database_error_is_500_and_shows_nothing) {
    for (const auto kind : {db::ErrorKind::other, db::ErrorKind::duplicate}) {
        const auto problem = to_problem(db::Error(kind, 1146, "Table 'livechat.session' missing"));
        BOOST_TEST(problem.status == 500);
        BOOST_CHECK(problem.code == ErrorCode::internal);
        BOOST_TEST(problem.detail.find("session") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_large_is_413_and_one_cut_short_400) {
    const auto large = to_problem(http::BodyError::too_large, 131072);
    BOOST_TEST(large.status == 413);
    BOOST_CHECK(large.code == ErrorCode::body_too_large);
    BOOST_TEST(large.detail.find("131072") != std::string::npos);
    for (const auto error : {http::BodyError::incomplete, http::BodyError::bad_length}) {
        BOOST_TEST(to_problem(error, 10).status == 400);
        BOOST_CHECK(to_problem(error, 10).code == ErrorCode::body_incomplete);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::api
