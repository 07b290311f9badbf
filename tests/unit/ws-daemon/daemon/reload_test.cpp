// What a reload changes at once and what it leaves to a restart, key by key.
#include "daemon/reload.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace livechat {
namespace {

struct Change {
    std::string override;
    std::string named;  // as what needs a restart; empty: nothing does

    friend std::ostream& operator<<(std::ostream& out, const Change& change) {
        return out << change.override;
    }
};

const std::vector<Change> kLeft{
    {"database.name=other", "database.name"},
    {"database.password_file=/dev/null", "database.password_file"},
    {"database.lock_timeout_s=1", "database.lock_timeout_s"},
    {"auth.mode=open", "auth.mode"},
    {"auth.cache_ms=1", "auth.cache_ms"},
    {"wsd.name=b", "wsd.name"},
    {R"(wsd.listen=["unix:/run/other.sock"])", "wsd.listen"},
    {"wsd.metrics_listen=unix:/run/other.sock", "wsd.metrics_listen"},
    {"wsd.ping_interval_ms=1", "wsd.ping_interval_ms"},
    {"wsd.ping_timeout_ms=1", "wsd.ping_timeout_ms"},
    {"wsd.upgrade_timeout_ms=1", "wsd.upgrade_timeout_ms"},
    {"wsd.connect_timeout_ms=1", "wsd.connect_timeout_ms"},
    {"wsd.max_payload=500000", "wsd.max_payload"},
    {"wsd.max_incoming=2000000", "wsd.max_incoming"},
    {"wsd.max_write_buffer=500000", "wsd.max_write_buffer"},
    {"wsd.trust_proxy=false", "wsd.trust_proxy"},
    {"wsd.trusted_proxies=10.0.0.0/8", "wsd.trusted_proxies"},
    {"wsd.reader_threads=7", "wsd.reader_threads"},
    {"wsd.writer_queue=7", "wsd.writer_queue"},
    {"wsd.writer_batch=7", "wsd.writer_batch"},
    {"feed.batch=7", "feed.batch"},
    {"doorbell.listen=unix:/run/bell", "doorbell.listen"},
};

const std::vector<Change> kTaken{
    {"limits.message_bytes=7", ""},
    {"limits.rooms_per_client=7", ""},
    {"abuse.enabled=false", ""},
    {"abuse.send_per_visitor=7", ""},
    {R"(auth.allowed_origins=["https://www.example.org"])", ""},
    {"wsd.max_sessions=7", ""},
    {"wsd.max_sessions_per_address=7", ""},
    {"wsd.drain_timeout_s=7", ""},
    {"log.level=error", ""},
    {"log.format=json", ""},
    {"log.slow_request_ms=7", ""},
};

// What a daemon has no use for.
const std::vector<Change> kOfOthers{
    {"fcgi.workers=7", ""},
    {"fcgi.listen=unix:/run/other.sock", ""},
    {"auth.agent_token_hours=7", ""},
    {"retention.days=7", ""},
};

Config with(const std::string& override) { return parse_config("", "test", {override}); }

// The values that take_over() brings, as one text.
std::string state(const Config& config) {
    std::string text =
        std::to_string(config.limits.message_bytes) + ' ' +
        std::to_string(config.limits.rooms_per_client) + ' ' +
        std::to_string(config.abuse.enabled) + ' ' + std::to_string(config.abuse.send_per_visitor) +
        ' ' + std::to_string(config.wsd.max_sessions) + ' ' +
        std::to_string(config.wsd.max_sessions_per_address) + ' ' +
        std::to_string(config.wsd.drain_timeout.count()) + ' ' + config.log.level + ' ' +
        config.log.format + ' ' + std::to_string(config.log.slow_request.count());
    for (const auto& origin : config.auth.allowed_origins) text += ' ' + origin;
    return text;
}

BOOST_AUTO_TEST_SUITE(reload)

BOOST_DATA_TEST_CASE(what_a_restart_changes_is_named_and_stays, kLeft, change) {
    Config running = with("log.level=info");
    const Config fresh = with(change.override);
    const auto keys = keys_for_a_restart(running, fresh);
    BOOST_TEST(keys == std::vector<std::string>{change.named}, boost::test_tools::per_element());
    take_over(running, fresh);
    BOOST_TEST(keys_for_a_restart(running, fresh) == keys, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(what_changes_at_once_needs_no_restart, kTaken, change) {
    Config running = with("log.level=info");
    const Config fresh = with(change.override);
    BOOST_TEST(keys_for_a_restart(running, fresh).empty());
    BOOST_TEST(state(running) != state(fresh));
    take_over(running, fresh);
    BOOST_TEST(state(running) == state(fresh));
}

BOOST_DATA_TEST_CASE(what_other_programs_read_is_not_spoken_of, kOfOthers, change) {
    BOOST_TEST(keys_for_a_restart(with("log.level=info"), with(change.override)).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
