#include "feed/cursor.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace livechat::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Ids = std::vector<Id>;

constexpr milliseconds kTimeout = seconds(600);

Time at(milliseconds time) { return Time{} + std::chrono::hours(1) + time; }
const Time kStart = at(milliseconds(0));

// `from` to `to`, both included.
Ids range(Id from, Id to) {
    Ids ids;
    for (Id id = from; id <= to; ++id) ids.push_back(id);
    return ids;
}

BOOST_AUTO_TEST_SUITE(cursor)

BOOST_AUTO_TEST_CASE(ids_without_a_hole_are_seen_once_each) {
    Cursor cursor(10, kTimeout);
    for (const Id id : {11, 12, 13}) BOOST_TEST(cursor.see(id, kStart));
    for (const Id id : {1, 10, 11, 12, 13}) BOOST_TEST(!cursor.see(id, kStart));
    BOOST_TEST(cursor.newest() == 13u);
    BOOST_TEST(cursor.holes() == 0u);
    BOOST_TEST(cursor.due(kStart).empty());
}

BOOST_AUTO_TEST_CASE(ids_that_are_missing_below_a_new_one_become_holes) {
    Cursor cursor(10, kTimeout);
    BOOST_TEST(cursor.see(14, kStart));
    BOOST_TEST(cursor.see(16, kStart));
    BOOST_TEST(cursor.open_holes() == Ids({11, 12, 13, 15}), boost::test_tools::per_element());
    BOOST_TEST(cursor.due(kStart) == Ids({11, 12, 13, 15}), boost::test_tools::per_element());
    BOOST_TEST(cursor.newest() == 16u);
}

// A server with auto_increment_increment 3 and auto_increment_offset 2.
Cursor in_steps() {
    Cursor cursor(2, kTimeout);
    cursor.set_step(3);
    for (Id id = 2; cursor.may_come(3); id += 3) cursor.learn(id);
    return cursor;
}

BOOST_AUTO_TEST_CASE(ids_that_a_step_leaves_out_are_no_holes) {
    auto cursor = in_steps();
    for (Id id = 5; id < 3000; id += 3) BOOST_TEST(cursor.see(id, kStart));
    BOOST_TEST(cursor.holes() == 0U);
    BOOST_TEST(cursor.due(kStart).empty());
    BOOST_TEST(cursor.see(3008, kStart));
    BOOST_TEST(cursor.open_holes() == Ids({3002, 3005}), boost::test_tools::per_element());
    BOOST_TEST(cursor.see(3005, kStart));
    BOOST_TEST(cursor.open_holes() == Ids({3002}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(holes_that_turn_out_to_be_between_steps_are_looked_into_at_once) {
    Cursor cursor(2, kTimeout);
    cursor.set_step(3);
    for (Id id = 5; id < 26; id += 3) cursor.see(id, kStart);
    BOOST_TEST(cursor.holes() == 14U);
    BOOST_TEST(cursor.to_probe(kStart).empty());
    cursor.see(26, kStart);
    BOOST_TEST(cursor.to_probe(kStart).size() == cursor.holes());
}

BOOST_AUTO_TEST_CASE(a_step_that_the_writers_do_not_keep_rules_nothing_out) {
    Cursor cursor(2, kTimeout);
    cursor.set_step(3);
    for (Id id = 3; id <= 100; ++id) BOOST_TEST(cursor.see(id, kStart));
    BOOST_TEST(cursor.see(103, kStart));
    BOOST_TEST(cursor.open_holes() == Ids({101, 102}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_id_out_of_step_makes_everything_before_it_a_hole_again) {
    auto cursor = in_steps();
    BOOST_TEST(cursor.see(5, kStart));
    BOOST_TEST(cursor.see(8, kStart));
    BOOST_TEST(cursor.see(12, kStart));
    BOOST_TEST(cursor.open_holes() == Ids({9, 10, 11}), boost::test_tools::per_element());
    BOOST_TEST(cursor.may_come(13));
    // … until enough of them are in step again.
    for (Id id = 15; cursor.may_come(16); id += 3) cursor.see(id, kStart);
    BOOST_TEST(cursor.ruled_out_after() == cursor.newest());
}

BOOST_AUTO_TEST_CASE(without_a_step_no_pattern_rules_anything_out) {
    Cursor cursor(2, kTimeout);
    for (Id id = 4; id < 200; id += 2) cursor.see(id, kStart);
    BOOST_TEST(cursor.holes() == 98U);
}

BOOST_AUTO_TEST_CASE(a_step_that_changes_is_believed_again_when_ids_keep_it) {
    auto cursor = in_steps();
    cursor.set_step(10);
    BOOST_TEST(cursor.may_come(3));
    for (Id id = 15; cursor.may_come(16); id += 10) cursor.see(id, kStart);
    const auto holes = cursor.holes();
    cursor.see(cursor.newest() + 10, kStart);
    BOOST_TEST(cursor.holes() == holes);
}

BOOST_AUTO_TEST_CASE(ids_that_were_removed_are_no_holes) {
    Cursor cursor(10, kTimeout);
    cursor.see(15, kStart);
    cursor.forget_through(12);
    BOOST_TEST(cursor.open_holes() == Ids({13, 14}), boost::test_tools::per_element());
    BOOST_TEST(cursor.given_up() == 0u);
    cursor.forget_through(9);
    BOOST_TEST(cursor.holes() == 2u);
    cursor.forget_through(20);
    BOOST_TEST(cursor.holes() == 0u);
    BOOST_TEST(cursor.newest() == 15u);
}

BOOST_AUTO_TEST_CASE(whose_a_hole_is_is_asked_when_it_is_old_and_then_now_and_again) {
    Cursor cursor(10, kTimeout);
    cursor.see(13, kStart);
    BOOST_TEST(cursor.to_probe(at(seconds(4))).empty());
    BOOST_TEST(cursor.to_probe(at(seconds(5))) == Ids({11, 12}), boost::test_tools::per_element());
    BOOST_TEST(cursor.to_probe(at(seconds(6))).empty());
    cursor.give_up(11);
    BOOST_TEST(cursor.to_probe(at(seconds(10))) == Ids({12}), boost::test_tools::per_element());
    BOOST_TEST(cursor.given_up() == 1u);
    BOOST_TEST(cursor.open_holes() == Ids({12}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_hole_of_an_open_transaction_outlives_the_timeout) {
    Cursor cursor(10, kTimeout);
    cursor.see(13, kStart);
    cursor.keep(12, at(kTimeout - seconds(1)));
    cursor.give_up_old(at(kTimeout));
    BOOST_TEST(cursor.open_holes() == Ids({12}), boost::test_tools::per_element());
    cursor.give_up_old(at(kTimeout * 2));
    BOOST_TEST(cursor.holes() == 0u);
}

BOOST_AUTO_TEST_CASE(of_many_old_holes_a_few_are_asked_about_at_once) {
    Cursor cursor(0, kTimeout);
    cursor.see(1001, kStart);
    std::set<Id> asked;
    for (int i = 0; i < 20; ++i) {
        const auto ids = cursor.to_probe(at(seconds(5)));
        BOOST_TEST(ids.size() <= 50u);
        asked.insert(ids.begin(), ids.end());
    }
    BOOST_TEST(asked.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(a_late_id_is_seen_once_and_its_hole_is_gone) {
    Cursor cursor(10, kTimeout);
    cursor.see(13, kStart);
    BOOST_TEST(cursor.see(12, at(seconds(30))));
    BOOST_TEST(!cursor.see(12, at(seconds(30))));
    BOOST_TEST(cursor.open_holes() == Ids({11}), boost::test_tools::per_element());
    BOOST_TEST(cursor.newest() == 13u);
    BOOST_TEST(cursor.given_up() == 0u);
}

BOOST_AUTO_TEST_CASE(a_hole_is_given_up_once_it_is_as_old_as_the_timeout) {
    Cursor cursor(10, kTimeout);
    cursor.see(12, kStart);
    cursor.see(14, at(seconds(1)));
    cursor.give_up_old(at(kTimeout - milliseconds(1)));
    BOOST_TEST(cursor.holes() == 2u);
    cursor.give_up_old(at(kTimeout));
    BOOST_TEST(cursor.open_holes() == Ids({13}), boost::test_tools::per_element());
    BOOST_TEST(cursor.given_up() == 1u);
    cursor.give_up_old(at(kTimeout + seconds(1)));
    BOOST_TEST(cursor.holes() == 0u);
    BOOST_TEST(cursor.given_up() == 2u);
    BOOST_TEST(!cursor.see(11, at(kTimeout + seconds(1))));
}

BOOST_AUTO_TEST_CASE(a_hole_that_is_proven_to_be_nobodys_is_given_up_at_once) {
    Cursor cursor(10, kTimeout);
    cursor.see(13, kStart);
    cursor.give_up(11);
    cursor.give_up(11);
    cursor.give_up(13);
    cursor.give_up(99);
    BOOST_TEST(cursor.given_up() == 1u);
    BOOST_TEST(cursor.open_holes() == Ids({12}), boost::test_tools::per_element());
    BOOST_TEST(!cursor.see(11, kStart));
}

BOOST_AUTO_TEST_CASE(a_young_hole_is_asked_for_each_time) {
    Cursor cursor(0, kTimeout);
    cursor.see(2, kStart);
    for (const int time : {0, 1, 2, 3, 4, 5, 6, 7}) {
        BOOST_TEST(cursor.due(at(milliseconds(time))) == Ids({1}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(an_older_hole_is_asked_for_every_eighth_of_its_age) {
    Cursor cursor(0, kTimeout);
    cursor.see(2, kStart);
    BOOST_TEST(cursor.due(at(milliseconds(800))).size() == 1u);
    BOOST_TEST(cursor.due(at(milliseconds(899))).empty());
    BOOST_TEST(cursor.due(at(milliseconds(900))).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_oldest_hole_is_still_asked_for_five_times_a_second) {
    Cursor cursor(0, kTimeout);
    cursor.see(2, kStart);
    for (const auto age : {seconds(2), seconds(60), seconds(590)}) {
        BOOST_TEST(cursor.due(at(age)).size() == 1u);
        BOOST_TEST(cursor.due(at(age + milliseconds(199))).empty());
        BOOST_TEST(cursor.due(at(age + milliseconds(200))).size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit_is_asked_for_at_once) {
    Cursor cursor(0, kTimeout);
    cursor.see(Cursor::kMaxAsked + 1, kStart);
    BOOST_TEST(cursor.due(kStart).size() == Cursor::kMaxAsked);
    cursor.see(Cursor::kMaxAsked + 3, kStart);
    BOOST_TEST(cursor.due(kStart).size() == Cursor::kMaxAsked);
}

// However slow the looks are: those who are asked for first must not keep the others waiting.
const std::vector<int> kPauses{1, 25, 250, 1000};

BOOST_DATA_TEST_CASE(with_more_holes_than_that_each_has_its_turn, kPauses, pause) {
    Cursor cursor(0, kTimeout);
    cursor.see(Cursor::kMaxHoles + 1, kStart);
    BOOST_TEST_REQUIRE(cursor.holes() == Cursor::kMaxHoles);
    std::set<Id> asked;
    constexpr auto kRounds = static_cast<int>(Cursor::kMaxHoles / Cursor::kMaxAsked);
    for (int round = 0; round < kRounds; ++round) {
        const auto due = cursor.due(at(milliseconds(round * pause)));
        BOOST_TEST(std::ranges::is_sorted(due));
        asked.insert(due.begin(), due.end());
    }
    BOOST_TEST(asked.size() == Cursor::kMaxHoles);
}

BOOST_AUTO_TEST_CASE(a_jump_of_auto_increment_keeps_the_nearest_ids_and_gives_up_the_rest) {
    Cursor cursor(10, kTimeout);
    cursor.see(12, kStart);
    const Id far = Id{1} << 60;
    BOOST_TEST(cursor.see(far, kStart));
    BOOST_TEST(cursor.newest() == far);
    BOOST_TEST(cursor.holes() == Cursor::kMaxHoles);
    BOOST_TEST(cursor.open_holes() == range(far - Cursor::kMaxHoles, far - 1),
               boost::test_tools::per_element());
    // 11, and of those between 12 and far all but the nearest.
    BOOST_TEST(cursor.given_up() == 1 + (far - 13) - Cursor::kMaxHoles);
    BOOST_TEST(cursor.see(far + 1, kStart));
}

BOOST_AUTO_TEST_CASE(a_jump_that_leaves_as_many_holes_as_allowed_gives_up_none) {
    Cursor cursor(10, kTimeout);
    cursor.see(11 + Cursor::kMaxHoles, kStart);
    BOOST_TEST(cursor.holes() == Cursor::kMaxHoles);
    BOOST_TEST(cursor.given_up() == 0u);
    cursor.see(13 + Cursor::kMaxHoles, kStart);
    BOOST_TEST(cursor.holes() == Cursor::kMaxHoles);
    BOOST_TEST(cursor.given_up() == 1u);
    BOOST_TEST(!cursor.see(11, kStart));
    BOOST_TEST(cursor.see(12, kStart));
}

BOOST_AUTO_TEST_CASE(the_first_id_of_all_needs_no_start) {
    Cursor cursor(0, kTimeout);
    BOOST_TEST(cursor.see(1, kStart));
    BOOST_TEST(cursor.holes() == 0u);
}

// A table of notifications as others see it: ids are given out when a transaction writes, and can
// be seen once it commits.
class Table {
  public:
    // Returns the ids that the look brings, as NotificationRepository::read does.
    Ids read(Id after, std::size_t limit, const Ids& holes) const {
        Ids found;
        for (auto id = visible_.upper_bound(after); id != visible_.end(); ++id) {
            if (found.size() == limit) break;
            found.push_back(*id);
        }
        for (const Id hole : holes) {
            if (visible_.contains(hole)) found.push_back(hole);
        }
        std::ranges::sort(found);
        return found;
    }

    Id write() { return ++last_; }
    void commit(const Ids& ids) { visible_.insert(ids.begin(), ids.end()); }

    const std::set<Id>& visible() const { return visible_; }

  private:
    Id last_ = 0;
    std::set<Id> visible_;
};

BOOST_DATA_TEST_CASE(each_committed_id_is_seen_exactly_once_in_whatever_order_they_commit,
                     boost::unit_test::data::xrange(200),
                     seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    const auto below = [&](std::size_t n) { return random() % n; };
    Table table;
    Cursor cursor(0, kTimeout);
    std::deque<Ids> open;  // transactions that have written and not ended
    std::map<Id, int> seen;
    std::set<Id> rolled_back;
    Time now = kStart;

    const auto look = [&] {
        now += milliseconds(below(50));
        cursor.give_up_old(now);
        for (const Id id : table.read(cursor.newest(), 1 + below(20), cursor.due(now))) {
            if (cursor.see(id, now)) ++seen[id];
        }
    };
    const auto end_one = [&] {
        const auto which = open.begin() + static_cast<std::ptrdiff_t>(below(open.size()));
        if (below(4) == 0) {
            rolled_back.insert(which->begin(), which->end());
        } else {
            table.commit(*which);
        }
        open.erase(which);
    };

    for (int step = 0; step < 600; ++step) {
        const auto what = below(10);
        if (what < 2) {
            open.emplace_back();
        } else if (what < 6 && !open.empty()) {
            open[below(open.size())].push_back(table.write());
        } else if (what < 8 && !open.empty()) {
            end_one();
        } else {
            look();
        }
    }
    while (!open.empty()) {
        end_one();
        look();
    }
    // Two hundred more looks: all that is due will have been asked for.
    for (int i = 0; i < 200; ++i) look();

    BOOST_TEST(seen.size() == table.visible().size());
    for (const Id id : table.visible()) BOOST_TEST(seen[id] == 1);
    for (const Id hole : cursor.open_holes()) BOOST_TEST(rolled_back.contains(hole));
    cursor.give_up_old(now + kTimeout);
    BOOST_TEST(cursor.holes() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::feed
