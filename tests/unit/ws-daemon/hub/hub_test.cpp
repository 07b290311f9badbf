#include "hub/hub.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

namespace livechat::hub {
namespace {

// Keeps the data of what it gets.
struct Recorder : Sink {
    void deliver(const SharedBroadcast& broadcast) override {
        heard.push_back(broadcast->data());
        last = broadcast;
        room -= 1;
    }
    bool has_room() const override { return room > 0; }

    std::vector<std::string> heard;
    SharedBroadcast last;
    int room = 1'000'000;  // events that it may still get
};

using Heard = std::vector<std::string>;

SharedBroadcast event(const std::string& data) {
    return std::make_shared<Broadcast>("new-message", data);
}

void publish(Hub& hub, std::string_view room, Position position) {
    hub.publish(room, position, event(std::to_string(position)));
}

// A sink that is in the room and has everything up to `covered`.
void join(Hub& hub, std::string_view room, Sink& sink, Position covered = 0) {
    hub.enter(room, sink);
    BOOST_TEST_REQUIRE(hub.go_live(room, sink, covered));
}

BOOST_AUTO_TEST_SUITE(hub)

BOOST_AUTO_TEST_CASE(what_is_published_goes_to_everybody_in_the_room_in_its_order) {
    Hub hub;
    Recorder a, b, elsewhere;
    join(hub, "room", a);
    join(hub, "room", b);
    join(hub, "Room", elsewhere);
    for (const Position position : {3, 5, 9}) publish(hub, "room", position);
    BOOST_TEST(a.heard == Heard({"3", "5", "9"}), boost::test_tools::per_element());
    BOOST_TEST(b.heard == a.heard, boost::test_tools::per_element());
    BOOST_TEST(elsewhere.heard.empty());
    BOOST_TEST(hub.deliveries() == 6u);
}

BOOST_AUTO_TEST_CASE(all_receivers_share_one_broadcast) {
    Hub hub;
    Recorder a, b;
    join(hub, "room", a);
    join(hub, "room", b);
    const auto sent = event("x");
    hub.publish("room", 1, sent);
    BOOST_TEST(a.last == sent);
    BOOST_TEST(b.last == sent);
}

BOOST_AUTO_TEST_CASE(a_room_that_nobody_is_in_takes_what_comes) {
    Hub hub;
    publish(hub, "room", 1);
    hub.pass("room", event("x"), nullptr);
    BOOST_TEST(hub.rooms() == 0u);
    BOOST_TEST(hub.deliveries() == 0u);
}

BOOST_AUTO_TEST_CASE(a_room_lives_as_long_as_somebody_is_in_it) {
    Hub hub;
    Recorder a, b;
    BOOST_TEST(!hub.has("room"));
    hub.enter("room", a);
    BOOST_TEST(hub.has("room"));
    join(hub, "room", b);
    BOOST_TEST(hub.rooms() == 1u);
    hub.leave("room", a);
    BOOST_TEST(hub.has("room"));
    hub.leave("room", b);
    BOOST_TEST(!hub.has("room"));
    BOOST_TEST(hub.rooms() == 0u);
}

BOOST_AUTO_TEST_CASE(what_comes_during_catching_up_is_held_and_comes_after_it) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    publish(hub, "room", 1);
    publish(hub, "room", 2);
    BOOST_TEST(sink.heard.empty());
    BOOST_TEST(hub.go_live("room", sink, 0));
    BOOST_TEST(sink.heard == Heard({"1", "2"}), boost::test_tools::per_element());
    publish(hub, "room", 3);
    BOOST_TEST(sink.heard == Heard({"1", "2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_covered_by_other_means_does_not_come_again) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    for (const Position position : {4, 5, 6}) publish(hub, "room", position);
    BOOST_TEST(hub.go_live("room", sink, 5));
    BOOST_TEST(sink.heard == Heard({"6"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_covered_may_also_be_published_later) {
    Hub hub;
    Recorder sink;
    join(hub, "room", sink, 5);
    for (const Position position : {4, 5, 6}) publish(hub, "room", position);
    BOOST_TEST(sink.heard == Heard({"6"}), boost::test_tools::per_element());
    BOOST_TEST(hub.deliveries() == 1u);
}

BOOST_AUTO_TEST_CASE(each_member_has_its_own_covered_position) {
    Hub hub;
    Recorder early, late;
    join(hub, "room", early, 1);
    join(hub, "room", late, 2);
    for (const Position position : {1, 2, 3}) publish(hub, "room", position);
    BOOST_TEST(early.heard == Heard({"2", "3"}), boost::test_tools::per_element());
    BOOST_TEST(late.heard == Heard({"3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_came_before_a_sink_entered_does_not_reach_it) {
    Hub hub;
    Recorder first, second;
    join(hub, "room", first);
    publish(hub, "room", 1);
    join(hub, "room", second);
    publish(hub, "room", 2);
    BOOST_TEST(second.heard == Heard({"2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(as_much_is_held_as_the_limit_says) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    for (Position position = 1; position <= Hub::kMaxHeld; ++position)
        publish(hub, "room", position);
    BOOST_TEST(hub.go_live("room", sink, 0));
    BOOST_TEST(sink.heard.size() == Hub::kMaxHeld);
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_the_sink_has_to_catch_up_once_more) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    for (Position position = 1; position <= Hub::kMaxHeld + 5; ++position)
        publish(hub, "room", position);
    BOOST_TEST(!hub.go_live("room", sink, 0));
    BOOST_TEST(sink.heard.empty());

    // From here on it is held again; what was dropped has been read again by then.
    publish(hub, "room", 2000);
    publish(hub, "room", 2001);
    BOOST_TEST(hub.go_live("room", sink, 2000));
    publish(hub, "room", 2002);
    BOOST_TEST(sink.heard == Heard({"2001", "2002"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_held_is_bounded_in_bytes_as_well) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    for (Position position = 1; position <= 3; ++position) {
        hub.publish("room", position, event(std::string(Hub::kMaxHeldBytes / 2, 'x')));
    }
    BOOST_TEST(!hub.go_live("room", sink, 0));
    publish(hub, "room", 4);
    BOOST_TEST(hub.go_live("room", sink, 3));
    BOOST_TEST(sink.heard == Heard({"4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_is_held_for_a_sink_that_will_take_long) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    publish(hub, "room", 1);
    hub.hold_nothing("room", sink);
    publish(hub, "room", 2);
    BOOST_TEST(!hub.go_live("room", sink, 0));
    publish(hub, "room", 3);
    BOOST_TEST(hub.go_live("room", sink, 2));
    BOOST_TEST(sink.heard == Heard({"3"}), boost::test_tools::per_element());
    hub.hold_nothing("room", sink);  // it is live
    hub.hold_nothing("elsewhere", sink);
    publish(hub, "room", 4);
    BOOST_TEST(sink.heard == Heard({"3", "4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_can_overflow_again_and_again) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    Position position = 0;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i <= Hub::kMaxHeld; ++i) publish(hub, "room", ++position);
        BOOST_TEST(!hub.go_live("room", sink, position));
    }
    BOOST_TEST(hub.go_live("room", sink, position));
    BOOST_TEST(sink.heard.empty());
}

BOOST_AUTO_TEST_CASE(the_overflow_of_one_member_is_nobody_elses) {
    Hub hub;
    Recorder live, slow, fresh;
    join(hub, "room", live);
    hub.enter("room", slow);
    for (Position position = 1; position <= Hub::kMaxHeld; ++position)
        publish(hub, "room", position);
    hub.enter("room", fresh);
    publish(hub, "room", Hub::kMaxHeld + 1);
    BOOST_TEST(!hub.go_live("room", slow, 0));
    BOOST_TEST(hub.go_live("room", fresh, 0));
    BOOST_TEST(live.heard.size() == Hub::kMaxHeld + 1);
    BOOST_TEST(fresh.heard.size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_who_is_catching_up_goes_live) {
    Hub hub;
    Recorder sink, other;
    BOOST_TEST(!hub.go_live("room", sink, 0));
    join(hub, "room", sink);
    BOOST_TEST(!hub.go_live("room", sink, 0));
    BOOST_TEST(!hub.go_live("room", other, 0));
    publish(hub, "room", 1);
    BOOST_TEST(sink.heard.size() == 1u);
    BOOST_TEST(other.heard.empty());
}

BOOST_AUTO_TEST_CASE(who_leaves_hears_nothing_more) {
    Hub hub;
    Recorder stays, leaves;
    join(hub, "room", leaves);
    join(hub, "room", stays);
    publish(hub, "room", 1);
    hub.leave("room", leaves);
    publish(hub, "room", 2);
    hub.pass("room", event("x"), nullptr);
    BOOST_TEST(leaves.heard == Heard({"1"}), boost::test_tools::per_element());
    BOOST_TEST(stays.heard == Heard({"1", "2", "x"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_leaves_while_catching_up_never_goes_live) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    publish(hub, "room", 1);
    hub.leave("room", sink);
    BOOST_TEST(!hub.has("room"));
    BOOST_TEST(!hub.go_live("room", sink, 0));
    BOOST_TEST(sink.heard.empty());
}

BOOST_AUTO_TEST_CASE(leaving_a_room_that_one_is_not_in_changes_nothing) {
    Hub hub;
    Recorder member, stranger;
    hub.leave("room", stranger);
    join(hub, "room", member);
    hub.leave("room", stranger);
    hub.leave("room", stranger);
    publish(hub, "room", 1);
    BOOST_TEST(member.heard.size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_enters_again_while_live_catches_up_anew) {
    Hub hub;
    Recorder sink;
    join(hub, "room", sink);
    publish(hub, "room", 1);
    hub.enter("room", sink);
    publish(hub, "room", 2);
    publish(hub, "room", 3);
    BOOST_TEST(sink.heard == Heard({"1"}), boost::test_tools::per_element());
    BOOST_TEST(hub.go_live("room", sink, 2));
    BOOST_TEST(sink.heard == Heard({"1", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_enters_again_while_catching_up_holds_from_now_on) {
    Hub hub;
    Recorder sink;
    hub.enter("room", sink);
    publish(hub, "room", 1);
    hub.enter("room", sink);
    publish(hub, "room", 2);
    BOOST_TEST(hub.go_live("room", sink, 0));
    BOOST_TEST(sink.heard == Heard({"2"}), boost::test_tools::per_element());
    hub.leave("room", sink);
    BOOST_TEST(!hub.has("room"));
}

BOOST_AUTO_TEST_CASE(one_sink_may_be_in_many_rooms_in_a_different_state_in_each) {
    Hub hub;
    Recorder sink;
    constexpr int kRooms = 100;
    for (int i = 0; i < kRooms; ++i) hub.enter("r" + std::to_string(i), sink);
    for (int i = 0; i < kRooms; i += 2) {
        BOOST_TEST(hub.go_live("r" + std::to_string(i), sink, static_cast<Position>(i)));
    }
    BOOST_TEST(hub.rooms() == 100u);
    for (int i = 0; i < kRooms; ++i) publish(hub, "r" + std::to_string(i), 50);
    // Live, and not covered: rooms 0, 2 … 48.
    BOOST_TEST(sink.heard.size() == 25u);
    for (int i = 0; i < kRooms; ++i) hub.leave("r" + std::to_string(i), sink);
    BOOST_TEST(hub.rooms() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_passed_reaches_all_who_are_live_but_the_one_it_comes_from) {
    Hub hub;
    Recorder typist, reader, joining;
    join(hub, "room", typist, 100);
    join(hub, "room", reader, 100);
    hub.enter("room", joining);
    hub.pass("room", event("typing"), &typist);
    BOOST_TEST(typist.heard.empty());
    BOOST_TEST(reader.heard == Heard({"typing"}), boost::test_tools::per_element());
    BOOST_TEST(hub.go_live("room", joining, 0));
    BOOST_TEST(joining.heard.empty());
    hub.pass("room", event("x"), nullptr);
    BOOST_TEST(typist.heard.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_soon_out_of_date_passes_by_a_sink_without_room) {
    Hub hub;
    Recorder slow, reader;
    join(hub, "room", slow);
    join(hub, "room", reader);
    slow.room = 0;
    hub.pass_by("room", event("typing"), nullptr);
    hub.pass_by("room", event("typing, too"), &reader);
    BOOST_TEST(slow.heard.empty());
    BOOST_TEST(reader.heard == Heard({"typing"}), boost::test_tools::per_element());
    // And nothing was missed: what is published next is delivered.
    slow.room = 1;
    publish(hub, "room", 1);
    BOOST_TEST(slow.heard.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_room_has_any_name) {
    using namespace std::string_literals;
    for (const auto& name : {""s, "\0"s, "a\0b"s, "\xff"s, std::string(kWatchersRoom)}) {
        Hub hub;
        Recorder sink;
        join(hub, name, sink);
        publish(hub, name, 1);
        publish(hub, name + "x", 2);
        BOOST_TEST(sink.heard == Heard({"1"}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(broadcast)

BOOST_AUTO_TEST_CASE(each_form_is_encoded_once_and_then_shared) {
    const Broadcast broadcast("e", "{}", "1a");
    int made = 0;
    const auto encode = [&] {
        ++made;
        return std::make_shared<const std::string>("frame");
    };
    const auto first = broadcast.encoded<std::string>(0, encode);
    const auto second = broadcast.encoded<std::string>(0, encode);
    BOOST_TEST(made == 1);
    BOOST_TEST(first == second);
    const auto other = broadcast.encoded<std::string>(1, encode);
    BOOST_TEST(made == 2);
    BOOST_TEST(other != first);
    BOOST_TEST(broadcast.event() == "e");
    BOOST_TEST(broadcast.data() == "{}");
    BOOST_TEST(broadcast.offset() == "1a");
}

BOOST_AUTO_TEST_CASE(there_are_no_more_slots_than_there_are) {
    const Broadcast broadcast("e", "{}");
    const auto make = [] { return std::make_shared<const int>(1); };
    BOOST_TEST(*broadcast.encoded<int>(Broadcast::kSlots - 1, make) == 1);
    BOOST_CHECK_THROW(broadcast.encoded<int>(Broadcast::kSlots, make), std::out_of_range);
}

// Who fell behind, where, and from which position on.
struct Fallen {
    explicit Fallen(Hub& hub) {
        hub.on_fell_behind([this](std::string_view room, Sink&, Position position) {
            log.push_back(std::string(room) + " " + std::to_string(position));
        });
    }
    std::vector<std::string> log;
};

BOOST_AUTO_TEST_CASE(a_sink_without_room_falls_behind_and_gets_nothing_more_until_it_is_live) {
    Hub hub;
    const Fallen fallen(hub);
    Recorder slow, quick;
    join(hub, "room", slow);
    join(hub, "room", quick);
    slow.room = 2;
    for (const Position position : {3, 5, 9, 11}) publish(hub, "room", position);
    BOOST_TEST(slow.heard == Heard({"3", "5"}), boost::test_tools::per_element());
    BOOST_TEST(quick.heard == Heard({"3", "5", "9", "11"}), boost::test_tools::per_element());
    BOOST_TEST(fallen.log == Heard({"room 9"}), boost::test_tools::per_element());
    slow.room = 10;
    publish(hub, "room", 12);
    BOOST_TEST(slow.heard.size() == 2u);
    // It reads what it lacks, up to 12; 13 and 14 come meanwhile.
    hub.enter("room", slow);
    for (const Position position : {13, 14}) publish(hub, "room", position);
    BOOST_TEST(hub.go_live("room", slow, 13));
    publish(hub, "room", 20);
    BOOST_TEST(slow.heard == Heard({"3", "5", "14", "20"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_sink_has_already_does_not_put_it_behind) {
    Hub hub;
    const Fallen fallen(hub);
    Recorder slow;
    join(hub, "room", slow, 7);
    slow.room = 0;
    publish(hub, "room", 7);
    BOOST_TEST(fallen.log.empty());
}

void publish_state(Hub& hub, Position position, const std::string& key, const std::string& state) {
    hub.publish("states", position,
                std::make_shared<Broadcast>("session-updated", key + state, std::string(), key));
}

BOOST_AUTO_TEST_CASE(of_states_that_a_sink_has_no_room_for_the_newest_are_kept) {
    Hub hub;
    const Fallen fallen(hub);
    Recorder slow;
    join(hub, "states", slow);
    slow.room = 1;
    publish_state(hub, 1, "a", "1");
    publish_state(hub, 2, "b", "2");
    publish_state(hub, 3, "a", "3");
    publish_state(hub, 4, "b", "4");
    BOOST_TEST(slow.heard == Heard({"a1"}), boost::test_tools::per_element());
    BOOST_TEST(fallen.log == Heard({"states 2"}), boost::test_tools::per_element());
    slow.room = 1;
    BOOST_TEST(!hub.deliver_kept("states", slow));
    // Room alone does not let a newer state pass one that is kept.
    slow.room = 2;
    publish_state(hub, 5, "b", "5");
    BOOST_TEST(hub.deliver_kept("states", slow));
    publish_state(hub, 6, "c", "6");
    BOOST_TEST(slow.heard == Heard({"a1", "a3", "b5", "c6"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_states_that_are_too_many_to_be_kept_each_is_delivered_as_it_comes) {
    Hub hub;
    Recorder slow;
    join(hub, "states", slow);
    slow.room = 0;
    for (std::size_t i = 0; i < Hub::kMaxKept; ++i)
        publish_state(hub, i + 1, std::to_string(i), "");
    BOOST_TEST(slow.heard.empty());
    publish_state(hub, Hub::kMaxKept + 1, "one more", "");
    BOOST_TEST(slow.heard == Heard({"one more"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_is_kept_for_a_sink_that_left) {
    Hub hub;
    Recorder slow;
    join(hub, "states", slow);
    slow.room = 0;
    publish_state(hub, 1, "a", "1");
    hub.leave("states", slow);
    slow.room = 5;
    BOOST_TEST(hub.deliver_kept("states", slow));
    BOOST_TEST(slow.heard.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::hub
