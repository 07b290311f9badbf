// Connection state recovery: what a broken connection leaves behind, and who is put back.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "gateway/recall_relay.hpp"
#include "stage.hpp"

namespace livechat::gateway {
namespace {

using Log = std::vector<std::string>;
using Seqs = std::vector<Seq>;
using Rooms = std::vector<std::string>;
using boost::test_tools::per_element;

const std::string kPid(32, 'p');

std::string auth(const std::string& pid, const std::string& offset) {
    return R"({"pid":")" + pid + R"(","offset":")" + offset + R"("})";
}

// A position without holes, as a client gives it back.
std::string offset_of(feed::Id newest) { return feed::encode({newest, {}}); }

// Room c, as Stage::publish: ten times the seq for an id.
db::Notification message_notification(Seq seq) {
    return {seq * 10, db::NotificationKind::message, 1, "c", seq, message_of(seq)};
}

Missed missed_in_c(hub::Position covered, Seq first, Seq last) {
    Missed missed{{{"c", covered}}, {}};
    for (Seq seq = first; seq <= last; ++seq) {
        missed.notifications.push_back(message_notification(seq));
    }
    return missed;
}

db::RecoveryRecord record_of(std::uint64_t joined_at, Rooms rooms = {"c"}) {
    db::RecoveryRecord record{sha256(kPid), joined_at, {}};
    for (auto& room : rooms) record.rooms.push_back({std::move(room), 0});
    return record;
}

Rooms names_of(const std::vector<db::RecoveryRoom>& rooms) {
    Rooms names;
    for (const auto& room : rooms) names.push_back(room.name);
    return names;
}

// The feed stands at 100.
struct RecoveryStage : Stage {
    RecoveryStage() { gateway.set_position({100, {}}); }

    // A client whose record was found, so that its rooms are entered.
    SocketPtr recovering(db::RecoveryRecord record, const std::string& offset) {
        auto socket = connect(auth(kPid, offset));
        answer(backend.takes, std::optional(std::move(record)));
        return socket;
    }
};

BOOST_FIXTURE_TEST_SUITE(recovery, RecoveryStage)

BOOST_AUTO_TEST_CASE(what_a_join_has_shown_is_left_behind_with_its_room) {
    const auto socket = connect();
    emit(socket, "join", R"(["c"])");
    answer(backend.views, RoomView{3, 30, {}});
    gateway.set_position({101, {30}});
    disconnect(socket);
    BOOST_TEST_REQUIRE(backend.saved.size() == 1u);
    BOOST_TEST(backend.saved[0].rooms.at(0).covered == 30u);
}

BOOST_AUTO_TEST_CASE(a_broken_connection_leaves_its_rooms_behind) {
    const auto socket = connect();
    for (const std::string room : {"c", "d"}) {
        emit(socket, "join", "[\"" + room + "\"]");
        answer(backend.views, RoomView{});
    }
    gateway.set_position({101, {}});
    disconnect(socket);
    BOOST_TEST_REQUIRE(backend.saved.size() == 1u);
    BOOST_TEST(backend.saved[0].pid_hash == sha256(socket->accepted_pid));
    BOOST_TEST(backend.saved[0].joined_at == 100u);
    BOOST_TEST(names_of(backend.saved[0].rooms) == Rooms({"c", "d"}), per_element());
    BOOST_TEST(hub.rooms() == 0u);
}

BOOST_AUTO_TEST_CASE(who_left_on_purpose_leaves_nothing_behind) {
    const auto socket = member("c");
    gateway.set_position({101, {}});
    disconnect(socket, "client_disconnect");
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(who_cannot_have_an_offset_to_come_back_with_leaves_nothing_behind) {
    disconnect(connected());
    disconnect(member("c"));
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(who_is_in_the_middle_of_a_replay_leaves_nothing_behind) {
    const auto socket = member("d");
    emit(socket, "join", R"(["c"])");
    gateway.set_position({101, {}});
    disconnect(socket);
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(who_watches_all_sessions_leaves_nothing_behind) {
    const auto socket = member("c");
    emit(socket, "watch-sessions", "[]");
    gateway.set_position({101, {}});
    disconnect(socket);
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(an_offset_within_what_the_join_has_shown_is_no_place_to_resume_from) {
    // The database was ahead of the feed: messages up to 115 came with the join. An event of
    // another room at 112 must not make them come once more.
    const auto socket = member("d");
    emit(socket, "join", R"([{"clientId":"c","after":10}])");
    answer(backend.views, RoomView{11, 115, page_of(11, 11)});
    gateway.set_position({112, {}});
    disconnect(socket);
    BOOST_TEST(backend.saved.empty());

    const auto later = member("c", 11, 115);
    gateway.set_position({116, {}});
    disconnect(later);
    BOOST_TEST_REQUIRE(backend.saved.size() == 1u);
    BOOST_TEST(backend.saved[0].joined_at == 115u);
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_is_accepted_and_gets_what_it_missed) {
    const auto socket = connect(auth(kPid, offset_of(50)));
    BOOST_TEST_REQUIRE(backend.takes.size() == 1u);
    BOOST_TEST(backend.takes.front().question == sha256(kPid));
    answer(backend.takes, std::optional(record_of(40)));
    BOOST_TEST_REQUIRE(backend.misses.size() == 1u);
    BOOST_TEST(names_of(backend.misses.front().question.rooms) == Rooms({"c"}), per_element());
    BOOST_TEST(backend.misses.front().question.standing.newest == 50u);
    BOOST_TEST(backend.misses.front().question.feed.newest == 100u);
    BOOST_TEST(socket->news().empty());
    answer(backend.misses, std::optional(missed_in_c(70, 6, 7)));
    BOOST_TEST(socket->seqs == Seqs({6, 7}), per_element());
    BOOST_TEST(socket->accepted_pid == kPid);
    BOOST_TEST(socket->offset == offset_of(70));
    BOOST_TEST(socket->news().front() == "accept");
    publish("c", 11);
    BOOST_TEST(socket->seqs == Seqs({6, 7, 11}), per_element());
}

BOOST_AUTO_TEST_CASE(what_comes_while_it_is_looked_up_comes_after_it) {
    gateway.set_position({100, {70}});
    const auto socket = recovering(record_of(40), offset_of(50));
    BOOST_TEST_REQUIRE(backend.misses.size() == 1u);
    const std::vector<db::NotificationId> open{70};
    BOOST_TEST(backend.misses.front().question.feed.holes == open, per_element());
    for (const Seq seq : {7, 11, 12}) publish("c", seq);
    answer(backend.misses, std::optional(missed_in_c(50, 6, 6)));
    BOOST_TEST(socket->seqs == Seqs({6, 7, 11, 12}), per_element());
}

BOOST_AUTO_TEST_CASE(what_the_offset_names_does_not_come_again_where_the_feed_is_behind) {
    gateway.set_position({100, {70}});
    const auto socket = recovering(record_of(40), offset_of(80));
    publish("c", 7);
    answer(backend.misses, std::optional(missed_in_c(70, 9, 9)));
    publish("c", 11);
    BOOST_TEST(socket->seqs == Seqs({9, 11}), per_element());
}

BOOST_AUTO_TEST_CASE(a_recovered_client_can_be_recovered_again) {
    const auto socket = recovering(record_of(40), offset_of(50));
    answer(backend.misses, std::optional(missed_in_c(0, 1, 0)));
    disconnect(socket);
    BOOST_TEST_REQUIRE(backend.saved.size() == 1u);
    BOOST_TEST(backend.saved[0].pid_hash == sha256(kPid));
    BOOST_TEST(backend.saved[0].joined_at == 40u);
    BOOST_TEST(names_of(backend.saved[0].rooms) == Rooms({"c"}), per_element());
}

const std::vector<std::string> kHopeless{
    "null",
    "[]",
    "\"x\"",
    "{}",
    R"({"pid":7,"offset":"1"})",
    auth("", offset_of(50)),
    auth(std::string(31, 'p'), offset_of(50)),
    auth(std::string(33, 'p'), offset_of(50)),
    auth(kPid, ""),
    auth(kPid, "nonsense."),
    auth(kPid, "1E"),
    auth(kPid, offset_of(101)),
    R"({"pid":")" + kPid + R"("})",
    R"({"pid":")" + kPid + R"(","offset":50})",
};

BOOST_DATA_TEST_CASE(without_a_good_pid_and_offset_a_client_starts_afresh, kHopeless, text) {
    const auto socket = connect(text);
    BOOST_TEST(socket->news() == Log({"accept"}), per_element());
    BOOST_TEST(socket->accepted_pid != kPid);
    BOOST_TEST(backend.idle());
}

BOOST_AUTO_TEST_CASE(without_a_record_or_the_database_a_client_starts_afresh) {
    for (int round = 0; round < 2; ++round) {
        const auto socket = connect(auth(kPid, offset_of(50)));
        if (round == 0) {
            answer(backend.takes, std::optional<db::RecoveryRecord>());
        } else {
            fail_oldest(backend.takes);
        }
        BOOST_TEST(socket->news() == Log({"accept"}), per_element());
        BOOST_TEST(socket->accepted_pid.size() == 32u);
        BOOST_TEST(socket->accepted_pid != kPid);
    }
}

BOOST_AUTO_TEST_CASE(an_offset_from_before_the_last_join_is_too_old) {
    for (const feed::Id newest : {49, 50}) {
        const auto socket = recovering(record_of(50), offset_of(newest));
        BOOST_TEST(socket->news() == Log({"accept"}), per_element());
        BOOST_TEST(socket->accepted_pid != kPid);
        BOOST_TEST(backend.idle());
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_any_more_means_a_fresh_start_in_no_room) {
    std::optional<Missed> too_big = missed_in_c(70, 6, 7);
    too_big->notifications[0].message.text.assign(600 * 1024, 'x');
    for (int round = 0; round < 3; ++round) {
        const auto socket = recovering(record_of(40), offset_of(50));
        if (round == 0) answer(backend.misses, std::optional<Missed>());
        if (round == 1) answer(backend.misses, too_big);
        if (round == 2) fail_oldest(backend.misses);
        BOOST_TEST(socket->news() == Log({"accept"}), per_element());
        BOOST_TEST(socket->accepted_pid != kPid);
        BOOST_TEST(hub.rooms() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(who_has_gone_before_its_record_was_found_keeps_it) {
    const auto socket = connect(auth(kPid, offset_of(50)));
    disconnect(socket);
    answer(backend.takes, std::optional(record_of(40)));
    BOOST_TEST_REQUIRE(backend.saved.size() == 1u);
    BOOST_TEST(backend.saved[0].pid_hash == sha256(kPid));
    BOOST_TEST(socket->news().empty());
    BOOST_TEST(hub.rooms() == 0u);
}

BOOST_AUTO_TEST_CASE(who_has_gone_before_it_was_told_what_it_missed_may_come_again) {
    const auto socket = recovering(record_of(40), offset_of(50));
    disconnect(socket);
    BOOST_TEST(backend.saved.size() == 1u);
    BOOST_TEST(hub.rooms() == 0u);
    answer(backend.misses, std::optional(missed_in_c(70, 6, 7)));
    BOOST_TEST(socket->news().empty());
}

// The daemon has not noticed that the connection broke.
BOOST_AUTO_TEST_CASE(who_comes_back_takes_the_place_of_the_socket_that_counts_as_there) {
    const auto ghost = member("c");
    gateway.set_position({101, {}});
    const auto key = sha256(ghost->accepted_pid);
    const auto socket = connect(auth(ghost->accepted_pid, offset_of(101)));
    BOOST_TEST(ghost->news() == Log({"close superseded"}), per_element());
    BOOST_TEST(hub.rooms() == 0u);
    BOOST_TEST_REQUIRE(backend.saved.size() == 1u);
    BOOST_TEST(backend.saved[0].pid_hash == key);
    BOOST_TEST(names_of(backend.saved[0].rooms) == Rooms({"c"}), per_element());
    BOOST_TEST(backend.takes.front().question == key);

    disconnect(ghost, "superseded");
    BOOST_TEST(backend.saved.size() == 1u);
    answer(backend.takes, std::optional(backend.saved[0]));
    answer(backend.misses, std::optional(missed_in_c(70, 1, 0)));
    BOOST_TEST(socket->accepted_pid == ghost->accepted_pid);
    BOOST_TEST(hub.rooms() == 1u);
}

BOOST_AUTO_TEST_CASE(a_socket_whose_place_was_taken_is_not_heard_any_more) {
    const auto ghost = member("c");
    gateway.set_position({101, {}});
    const auto socket = connect(auth(ghost->accepted_pid, offset_of(101)));
    emit(ghost, "join", R"(["d"])");
    BOOST_TEST(backend.views.empty());
    BOOST_TEST(hub.rooms() == 0u);
}

BOOST_AUTO_TEST_CASE(who_was_put_back_can_be_superseded_as_well_and_who_lost_its_pid_cannot) {
    const auto first = recovering(record_of(40), offset_of(50));
    const auto second = connect(auth(kPid, offset_of(50)));
    BOOST_TEST(first->news() == Log({"close superseded"}), per_element());
    answer(backend.misses, std::optional<Missed>());  // of the first, which has gone
    answer(backend.takes, std::optional(record_of(40)));
    answer(backend.misses, std::optional<Missed>());
    BOOST_TEST(second->news() == Log({"accept"}), per_element());
    BOOST_TEST(second->accepted_pid != kPid);
    const auto third = connect(auth(kPid, offset_of(50)));
    BOOST_TEST(second->news().empty());
}

BOOST_AUTO_TEST_CASE(a_pid_without_an_offset_to_resume_from_ends_nobody) {
    const auto socket = member("c");
    for (const auto& offset : {std::string(), std::string("nonsense."), offset_of(102)}) {
        const auto other = connect(auth(socket->accepted_pid, offset));
        BOOST_TEST(other->accepted_pid != socket->accepted_pid);
        disconnect(other);
    }
    BOOST_TEST(socket->news().empty());
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(the_other_daemons_are_asked_once_for_a_record_that_is_not_there) {
    alone = false;
    for (const bool there : {true, false}) {
        const auto socket = connect(auth(kPid, offset_of(50)));
        answer(backend.takes, std::optional<db::RecoveryRecord>());
        BOOST_TEST(recalled == Rooms({sha256(kPid)}), per_element());
        BOOST_TEST(socket->news().empty());
        BOOST_TEST_REQUIRE(tasks.size() == 1u);
        tasks.front()();
        answer(backend.takes, there ? std::optional(record_of(40)) : std::nullopt);
        if (there) answer(backend.misses, std::optional(missed_in_c(70, 6, 7)));
        BOOST_TEST((socket->accepted_pid == kPid) == there);
        disconnect(socket);
        tasks.clear();
        recalled.clear();
    }
}

BOOST_AUTO_TEST_CASE(who_is_asked_for_by_another_daemon_is_ended_and_left_behind) {
    const auto ghost = member("c");
    gateway.set_position({101, {}});
    gateway.supersede(sha256("another"));
    BOOST_TEST(ghost->news().empty());
    gateway.supersede(sha256(ghost->accepted_pid));
    BOOST_TEST(ghost->news() == Log({"close superseded"}), per_element());
    BOOST_TEST(backend.saved.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_other_daemons_is_read_there_and_nothing_else_is) {
    const auto key = sha256(kPid);
    BOOST_TEST((decode_recall(encode_recall(key)) == key));
    for (const auto& datagram :
         {std::string(), std::string("recall "), "recall " + key + "x", "recall " + key.substr(1),
          "Recall " + key, std::string(39, '[')}) {
        BOOST_TEST(!decode_recall(datagram));
    }
}

BOOST_AUTO_TEST_CASE(when_too_much_comes_meanwhile_the_client_is_made_to_come_anew) {
    const auto socket = recovering(record_of(40), offset_of(50));
    for (Seq seq = 11; seq < 11 + hub::Hub::kMaxHeld + 1; ++seq) publish("c", seq);
    answer(backend.misses, std::optional(missed_in_c(70, 6, 7)));
    BOOST_TEST(socket->news().back() == "close recovery overtaken");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
