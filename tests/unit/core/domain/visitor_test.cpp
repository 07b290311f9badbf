#include "domain/visitor.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace livechat {
namespace {

struct Case {
    VisitorField field;
    std::string text;
};
std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << to_string(one.field) << "=" << one.text.substr(0, 40);
}

Result<void> check(const Case& one) {
    Visitor visitor;
    visitor[one.field] = one.text;
    return rules::check(visitor);
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

BOOST_AUTO_TEST_SUITE(visitor)

const std::vector<Case> kAllowed{
    {VisitorField::page, "https://shop.example/caf\u00e9?a=1#x"},
    {VisitorField::page, "file:///home/me/page.html"},
    {VisitorField::page, repeated("\U0001f600", 2048)},
    {VisitorField::referrer, "android-app://com.example/"},
    {VisitorField::user_agent, repeated("x", 512)},
    {VisitorField::language, "zh-Hant-TW"},
    {VisitorField::timezone, "America/Argentina/Buenos_Aires"},
    {VisitorField::timezone, "Etc/GMT+12"},
    {VisitorField::name, "<b>J\u00fcrgen \"O'Neil\"</b>"},
    {VisitorField::email, "me+chat@example.com"},
    {VisitorField::email, "\u00fcser@b\u00fccher.example"},
    {VisitorField::language, ""},
    {VisitorField::email, ""},
};

BOOST_DATA_TEST_CASE(what_browsers_and_sites_tell_is_allowed, kAllowed, one) {
    BOOST_TEST(check(one).has_value());
}

const std::vector<Case> kRefused{
    {VisitorField::page, repeated("x", 2049)},
    {VisitorField::referrer, repeated("\u20ac", 2049)},
    {VisitorField::user_agent, repeated("x", 513)},
    {VisitorField::user_agent, "a\nb"},
    {VisitorField::language, repeated("x", 36)},
    {VisitorField::language, "en_US"},
    {VisitorField::language, "<i>"},
    {VisitorField::timezone, repeated("x", 65)},
    {VisitorField::timezone, "Europe Berlin"},
    {VisitorField::name, repeated("x", 129)},
    {VisitorField::name, "a\x7f"},
    {VisitorField::name, "\xc3"},
    {VisitorField::email, repeated("x", 250) + "@a.example"},
    {VisitorField::email, "nobody"},
    {VisitorField::email, "@example.com"},
    {VisitorField::email, "me@"},
    {VisitorField::email, "a@b@c"},
    {VisitorField::email, "a b@c"},
};

BOOST_DATA_TEST_CASE(what_is_too_long_or_of_another_form_is_refused_by_its_name, kRefused, one) {
    const auto checked = check(one);
    BOOST_TEST_REQUIRE(!checked.has_value());
    BOOST_CHECK(checked.error().code == ErrorCode::visitor_invalid);
    BOOST_TEST(checked.error().message.starts_with("visitor." + std::string(to_string(one.field))));
}

struct Address {
    std::string came;
    std::string kept;
};
std::ostream& operator<<(std::ostream& out, const Address& one) { return out << one.came; }

const std::vector<Address> kAddresses{
    {"https://shop.example/cart?id=1#access_token=secret", "https://shop.example/cart?id=1"},
    {"https://ann:secret@shop.example/", "https://shop.example/"},
    {"https://ann@shop.example", "https://shop.example"},
    {"https://a@b:c@shop.example/x@y#z@", "https://shop.example/x@y"},
    {"https://shop.example/@ann?to=a@b", "https://shop.example/@ann?to=a@b"},
    {"//ann:secret@shop.example/", "//shop.example/"},
    {"https://shop.example?mail=a@b", "https://shop.example?mail=a@b"},
    {"#secret", ""},
    {"/cart", "/cart"},
    {"", ""},
};

BOOST_DATA_TEST_CASE(a_page_is_kept_without_fragment_and_user, kAddresses, one) {
    Visitor visitor;
    visitor[VisitorField::page] = one.came;
    visitor[VisitorField::referrer] = one.came;
    const auto kept = tidied(visitor);
    BOOST_TEST(*kept[VisitorField::page] == one.kept);
    BOOST_TEST(*kept[VisitorField::referrer] == one.kept);
    BOOST_TEST(!kept[VisitorField::name].has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_shows_as_nothing_is_none) {
    const auto kept = [](const std::string& name) {
        Visitor visitor;
        visitor[VisitorField::name] = name;
        return *tidied(visitor)[VisitorField::name];
    };
    for (const char* nothing : {"", " ", "\u2800", "\u200b\u3164 \u00a0", "\u202e\u2066"}) {
        BOOST_TEST(kept(nothing) == "");
    }
    BOOST_TEST(kept("  Ann B \u2800") == "Ann B");
    BOOST_TEST(kept("\u202eAnn") == "Ann");
}

BOOST_AUTO_TEST_CASE(only_what_is_known_is_shown) {
    Visitor visitor;
    BOOST_TEST(!knows_anything(visitor));
    visitor[VisitorField::page] = "https://a.example/\"";
    visitor[VisitorField::referrer] = "";
    visitor[VisitorField::name] = "A";
    visitor.updated_at = "2025-03-10T12:00:00.000Z";
    BOOST_TEST(knows_anything(visitor));
    std::string json;
    append_json(json, visitor);
    BOOST_TEST(json == R"({"page":"https://a.example/\"","name":"A",)"
                       R"("updatedAt":"2025-03-10T12:00:00.000Z"})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
