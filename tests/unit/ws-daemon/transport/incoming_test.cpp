#include "transport/incoming.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

namespace livechat::transport {
namespace {

struct Fixture {
    struct Client : Holder {
        explicit Client(Incoming& incoming) : Holder(incoming) {}
        using Holder::hold;
        void give_up() override { ended = true; }
        bool ended = false;
    };

    Incoming incoming{1000};
    Client one{incoming};
    Client other{incoming};
};

BOOST_FIXTURE_TEST_SUITE(incoming_bytes, Fixture)

BOOST_AUTO_TEST_CASE(what_is_held_is_counted_once_and_given_back) {
    one.hold(300);
    one.hold(200);
    {
        Client third(incoming);
        third.hold(500);
        BOOST_TEST(incoming.held() == 700U);
    }
    BOOST_TEST(incoming.held() == 200U);
    one.hold(0);
    BOOST_TEST(incoming.held() == 0U);
}

BOOST_AUTO_TEST_CASE(up_to_the_limit_nobody_has_to_go) {
    one.hold(500);
    other.hold(500);
    BOOST_TEST(!one.ended);
    BOOST_TEST(!other.ended);
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_those_who_hold_most_go_whoever_came_last) {
    one.hold(900);
    other.hold(101);
    BOOST_TEST(one.ended);
    BOOST_TEST(!other.ended);
    BOOST_TEST(incoming.held() == 101U);
}

BOOST_AUTO_TEST_CASE(one_alone_cannot_hold_more_than_the_limit) {
    one.hold(1001);
    BOOST_TEST(one.ended);
    BOOST_TEST(incoming.held() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::transport
