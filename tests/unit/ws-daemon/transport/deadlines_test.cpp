#include "transport/deadlines.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <random>
#include <vector>

namespace livechat::transport {
namespace {

using std::chrono::milliseconds;

struct Item : Timed {
    Item(Deadlines& deadlines, std::vector<int>& fired, int name)
        : Timed(deadlines), fired(fired), name(name) {}
    using Timed::set_deadline;
    void on_deadline(Time now) override {
        fired.push_back(name);
        if (again) set_deadline(now);
    }
    std::vector<int>& fired;
    int name;
    bool again = false;
};

BOOST_AUTO_TEST_SUITE(transport_deadlines)

BOOST_AUTO_TEST_CASE(deadlines_come_in_their_order_however_they_were_set) {
    Deadlines deadlines;
    std::vector<int> fired;
    std::vector<std::unique_ptr<Item>> items;
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i) {
        items.push_back(std::make_unique<Item>(deadlines, fired, i));
        items.back()->set_deadline(Time(milliseconds(random() % 1000)));
    }
    std::ranges::shuffle(items, random);
    items.resize(300);
    for (const auto& item : items) item->set_deadline(Time(milliseconds(item->name)));
    items[0]->set_deadline(Time::max());
    const int gone = items[0]->name;
    deadlines.run(Time(milliseconds(1000)));
    BOOST_TEST(fired.size() == 299U);
    BOOST_TEST(std::ranges::is_sorted(fired));
    BOOST_TEST((std::ranges::find(fired, gone) == fired.end()));
    BOOST_TEST((deadlines.next() == Time::max()));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_is_past_again_does_not_hold_up_the_rest) {
    Deadlines deadlines;
    std::vector<int> fired;
    Item item(deadlines, fired, 1);
    item.again = true;
    item.set_deadline(Time(milliseconds(5)));
    deadlines.run(Time(milliseconds(4)));
    BOOST_TEST(fired.empty());
    deadlines.run(Time(milliseconds(5)));
    BOOST_TEST(fired.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_keeper_of_the_clock_hears_of_each_earlier_deadline) {
    int heard = 0;
    Deadlines deadlines([&heard] { ++heard; });
    std::vector<int> fired;
    Item one(deadlines, fired, 1);
    Item other(deadlines, fired, 2);
    one.set_deadline(Time{} + milliseconds(100));
    BOOST_TEST(heard == 1);
    other.set_deadline(Time{} + milliseconds(200));
    BOOST_TEST(heard == 1);
    other.set_deadline(Time{} + milliseconds(50));
    BOOST_TEST(heard == 2);
    other.set_deadline(Time{} + milliseconds(50));
    other.set_deadline(Time::max());
    BOOST_TEST(heard == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::transport
