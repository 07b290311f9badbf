#define BOOST_TEST_MODULE livechat
#include <boost/test/unit_test.hpp>
