#include <boost/test/unit_test.hpp>
#include <string>

#include "transfer/transcript.hpp"

namespace livechat::admin {
namespace {

Message message_of(const std::string& text) {
    return {3, Side::client, text, "2025-03-10T12:00:00.000Z", std::nullopt, false};
}

BOOST_AUTO_TEST_SUITE(transcript)

BOOST_AUTO_TEST_CASE(what_means_something_in_html_is_escaped) {
    BOOST_TEST(html_escaped(R"(<a href="x" id='y'>&amp;</a>)") ==
               "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

BOOST_AUTO_TEST_CASE(what_html_does_not_know_is_replaced) {
    BOOST_TEST(html_escaped(std::string("a\0b", 3)) ==
               "a\xef\xbf\xbd"
               "b");
    BOOST_TEST(html_escaped("\x1b[31m") == "\xef\xbf\xbd[31m");
    BOOST_TEST(html_escaped("a\xff") == "a\xef\xbf\xbd");
    BOOST_TEST(html_escaped("\xe2\x80\xae") == "\xef\xbf\xbd");
    BOOST_TEST(html_escaped("one\r\ntwo\tthree") == "one\ntwo\tthree");
    BOOST_TEST(html_escaped("ä😀") == "ä😀");
}

BOOST_AUTO_TEST_CASE(a_message_is_text_whatever_it_holds) {
    const auto html = transcript_message(message_of("</p><script>alert(1)</script>"));
    BOOST_TEST(html.find("<script") == std::string::npos);
    BOOST_TEST(html.find("&lt;/p&gt;&lt;script&gt;") != std::string::npos);
    BOOST_TEST(html.starts_with("<li class=\"client\" id=\"m3\">"));
}

BOOST_AUTO_TEST_CASE(an_erased_message_is_shown_as_such) {
    const auto html = transcript_message(message_of(""));
    BOOST_TEST(html.find("class=\"client erased\"") != std::string::npos);
    BOOST_TEST(html.find("This message was erased.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_id_cannot_leave_the_title) {
    Session session;
    session.client_id = "</title><script>";
    session.last_seq = 1;
    const auto html = transcript_begin(session);
    BOOST_TEST(html.find("<script") == std::string::npos);
    BOOST_TEST(html.find("<title>Conversation &lt;/title&gt;&lt;script&gt;</title>") !=
               std::string::npos);
    BOOST_TEST(html.find("default-src 'none'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_known_of_the_visitor_is_text_as_well) {
    Session session;
    session.client_id = "c";
    session.visitor.emplace();
    (*session.visitor)[VisitorField::name] = "<b>Jane</b>";
    (*session.visitor)[VisitorField::page] = "";
    const auto html = transcript_begin(session);
    BOOST_TEST(html.find("<dt>name</dt><dd dir=\"auto\">&lt;b&gt;Jane&lt;/b&gt;</dd>") !=
               std::string::npos);
    BOOST_TEST(html.find("<dt>page</dt>") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
