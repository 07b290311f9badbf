// The rules of access: the table of docs/security.md, row by row.
#include "domain/access.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace livechat {

std::ostream& operator<<(std::ostream& out, Grant grant) { return out << static_cast<int>(grant); }

namespace {

constexpr Scopes kAllScopes = 31;

Identity visitor(std::vector<std::string> client_ids) {
    return {.kind = TokenKind::visitor, .token_hash = "v", .client_ids = std::move(client_ids)};
}

Identity agent(Role role) {
    return {
        .kind = TokenKind::agent, .token_hash = "a", .agent_id = 1, .name = "ann", .role = role};
}

Identity bot(Scopes scopes) {
    return {.kind = TokenKind::bot, .token_hash = "b", .name = "bot", .scopes = scopes};
}

// Columns of the table; the session that they reach for is "mine".
enum Who { stranger, other, owner, staff, supervisor, reader, sender, closer, lister, bridge };
constexpr int kWhos = 10;
const char* const kNames[kWhos] = {"stranger",      "other visitor", "owner",     "agent",
                                   "supervisor",    "bot: read",     "bot: send", "bot: close",
                                   "bot: sessions", "bot: visitor"};

Principal principal(int who) {
    const auto scoped = [](Scope scope) { return Principal{{bot(static_cast<Scopes>(scope))}}; };
    switch (who) {
        case other:
            return {{visitor({"yours"})}};
        case owner:
            return {{visitor({"mine", "yours"})}};
        case staff:
            return {{agent(Role::agent)}};
        case supervisor:
            return {{agent(Role::supervisor)}};
        case reader:
            return scoped(Scope::read);
        case sender:
            return scoped(Scope::send);
        case closer:
            return scoped(Scope::close);
        case lister:
            return scoped(Scope::sessions);
        case bridge:
            return scoped(Scope::visitor);
        default:
            return {};
    }
}

struct Row {
    std::string name;
    Attempt attempt;
    std::vector<int> allowed;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

Attempt on_mine(Operation operation, Side side = Side::client) {
    return {.operation = operation, .client_id = "mine", .side = side};
}

const std::vector<Row> kTable{
    {"list sessions", {.operation = Operation::list_sessions}, {staff, supervisor, lister}},
    {"watch sessions", {.operation = Operation::watch_sessions}, {staff, supervisor, lister}},
    {"read history", on_mine(Operation::read_history), {owner, staff, supervisor, reader}},
    {"join", on_mine(Operation::join), {owner, staff, supervisor, reader}},
    {"read as client", on_mine(Operation::mark_read), {owner, bridge}},
    {"send as client", on_mine(Operation::send), {owner, bridge}},
    {"type as client", on_mine(Operation::type), {owner, bridge}},
    {"read as admin", on_mine(Operation::mark_read, Side::admin), {staff, supervisor, sender}},
    {"send as admin", on_mine(Operation::send, Side::admin), {staff, supervisor, sender}},
    {"type as admin", on_mine(Operation::type, Side::admin), {staff, supervisor, sender}},
    {"close", on_mine(Operation::close), {owner, staff, supervisor, closer}},
    {"sign a visitor out", {.operation = Operation::sign_out}, {supervisor, bridge}},
    {"manage access", {.operation = Operation::manage_access}, {supervisor}},
};

bool contains(const std::vector<int>& some, int one) {
    return std::find(some.begin(), some.end(), one) != some.end();
}

BOOST_AUTO_TEST_SUITE(access)

BOOST_DATA_TEST_CASE(the_table_of_operations_holds, kTable, row) {
    for (int who = 0; who < kWhos; ++who) {
        BOOST_TEST_CONTEXT(kNames[who]) {
            const auto answer = may(AuthMode::token, principal(who), row.attempt);
            BOOST_TEST(answer.has_value() == contains(row.allowed, who));
            if (answer) continue;
            const auto code = who == stranger ? ErrorCode::unauthorized : ErrorCode::forbidden;
            BOOST_CHECK(answer.error().code == code);
        }
    }
}

BOOST_DATA_TEST_CASE(open_allows_everything_but_the_management_of_access, kTable, row) {
    const bool manages = row.attempt.operation == Operation::manage_access ||
                         row.attempt.operation == Operation::sign_out;
    BOOST_TEST(may(AuthMode::open, {}, row.attempt).has_value() == !manages);
}

BOOST_DATA_TEST_CASE(a_session_that_exists_is_refused_as_one_that_does_not, kTable, row) {
    auto elsewhere = row.attempt;
    elsewhere.client_id = "never was";
    for (const int who : {int{stranger}, int{other}}) {
        const auto one = may(AuthMode::token, principal(who), row.attempt);
        const auto another = may(AuthMode::token, principal(who), elsewhere);
        BOOST_REQUIRE(!one);
        BOOST_REQUIRE(!another);
        BOOST_CHECK(one.error() == another.error());
    }
}

BOOST_AUTO_TEST_CASE(a_browser_may_do_what_any_of_its_cookies_allows) {
    const Principal both{{visitor({"mine"}), agent(Role::agent)}};
    BOOST_TEST(may(AuthMode::token, both, on_mine(Operation::send, Side::client)).has_value());
    BOOST_TEST(may(AuthMode::token, both, on_mine(Operation::send, Side::admin)).has_value());
    BOOST_TEST(!may(AuthMode::token, both, {.operation = Operation::manage_access}).has_value());
}

BOOST_AUTO_TEST_CASE(a_client_id_is_owned_byte_for_byte) {
    const auto someone = visitor({"A", "a ", "b"});
    BOOST_TEST(someone.owns("A"));
    BOOST_TEST(someone.owns("a "));
    BOOST_TEST(!someone.owns("a"));
    BOOST_TEST(!someone.owns(""));
    BOOST_TEST(!someone.owns("B"));
}

// What comes of opening "mine".
struct OpeningCase {
    int who;
    Opening opening;
    std::string outcome;
};
std::ostream& operator<<(std::ostream& out, const OpeningCase& one) {
    return out << kNames[one.who] << " exists=" << one.opening.exists
               << " proven=" << one.opening.signature_proven
               << " required=" << one.opening.signature_required;
}

constexpr Opening kNew{};
constexpr Opening kExisting{.exists = true};
constexpr Opening kProven{.exists = true, .signature_proven = true};
constexpr Opening kUnproven{.signature_required = true};
constexpr Opening kExistingUnproven{.exists = true, .signature_required = true};

const std::vector<OpeningCase> kOpenings{
    {stranger, kNew, "claimed"},
    {stranger, kExisting, "unauthorized"},
    {stranger, kProven, "proven"},
    {stranger, kUnproven, "signature_required"},
    {stranger, kExistingUnproven, "signature_required"},
    {other, kNew, "claimed"},
    {other, kExisting, "forbidden"},
    {other, kProven, "proven"},
    {owner, kExisting, "owned"},
    {owner, kExistingUnproven, "owned"},
    {staff, kNew, "as_staff"},
    {staff, kExisting, "as_staff"},
    {staff, kUnproven, "as_staff"},
    {bridge, kNew, "as_staff"},
    {bridge, kExisting, "as_staff"},
    {reader, kNew, "forbidden"},
    {sender, kExisting, "forbidden"},
};

std::string outcome(const Result<Grant>& grant) {
    if (!grant) return std::string(to_string(grant.error().code));
    const char* const words[] = {"as_staff", "owned", "proven", "claimed"};
    return words[static_cast<int>(*grant)];
}

BOOST_DATA_TEST_CASE(a_session_is_opened_by_whom_it_is_for, kOpenings, one) {
    BOOST_TEST(outcome(may_open(principal(one.who), "mine", one.opening)) == one.outcome);
}

BOOST_AUTO_TEST_CASE(who_works_here_opens_every_session_alike) {
    for (int who = 0; who < kWhos; ++who) {
        const auto someone = principal(who);
        BOOST_TEST(opens_as_staff(someone) == someone.is_staff());
        if (!opens_as_staff(someone)) continue;
        const auto first = outcome(may_open(someone, "mine", kNew));
        for (const auto& opening : {kExisting, kUnproven, kExistingUnproven}) {
            BOOST_TEST(outcome(may_open(someone, "mine", opening)) == first, kNames[who]);
        }
    }
    BOOST_TEST(!opens_as_staff({{agent(Role::agent)}, true}));
}

BOOST_AUTO_TEST_CASE(the_widget_in_an_agents_browser_is_a_visitors) {
    Principal browser{{agent(Role::agent)}, true};
    BOOST_TEST(outcome(may_open(browser, "mine", kNew)) == "claimed");
    BOOST_TEST(outcome(may_open(browser, "mine", kExisting)) == "as_staff");
    BOOST_TEST(outcome(may_open(browser, "mine", kUnproven)) == "as_staff");
}

BOOST_AUTO_TEST_CASE(staff_is_who_has_an_agents_or_a_bots_token) {
    BOOST_TEST(!Principal{}.is_staff());
    BOOST_TEST(!Principal{{visitor({})}}.is_staff());
    BOOST_TEST(Principal{{bot(kAllScopes)}}.is_staff());
    BOOST_TEST((Principal{{visitor({}), agent(Role::agent)}}.is_staff()));
}

const std::string kSecret(43, 'x');

BOOST_AUTO_TEST_CASE(a_token_says_its_kind) {
    BOOST_CHECK(kind_of_token(kSecret) == TokenKind::visitor);
    BOOST_CHECK(kind_of_token("lca_" + kSecret) == TokenKind::agent);
    BOOST_CHECK(kind_of_token("lcb_" + kSecret) == TokenKind::bot);
}

const std::vector<std::string> kNoTokens{
    "",
    "x",
    std::string(42, 'x'),
    std::string(44, 'x'),
    "lcx_" + kSecret,
    "lca_" + std::string(42, 'x'),
    "LCA_" + kSecret,
    " " + kSecret,
    std::string(42, 'x') + "=",
    std::string(42, 'x') + "+",
    std::string(42, 'x') + "\n",
    std::string(43, '\0'),
    std::string(100'000, 'x'),
};

BOOST_DATA_TEST_CASE(what_has_not_the_form_of_a_token_is_none, kNoTokens, text) {
    BOOST_CHECK(!kind_of_token(text));
}

BOOST_AUTO_TEST_CASE(scopes_are_words_in_any_order) {
    BOOST_TEST(parse_scopes("read").value() == static_cast<Scopes>(Scope::read));
    BOOST_TEST(to_string(parse_scopes("close,send,sessions,visitor,read").value()) ==
               "sessions,read,send,close,visitor");
    BOOST_TEST(to_string(parse_scopes("read,read").value()) == "read");
}

const std::vector<std::string> kNoScopes{"", ",", "read,", "admin", "read send", "READ"};

BOOST_DATA_TEST_CASE(unknown_scopes_are_refused, kNoScopes, words) {
    BOOST_CHECK(parse_scopes(words).error().code == ErrorCode::scope_invalid);
}

BOOST_AUTO_TEST_CASE(roles_are_agent_and_supervisor) {
    BOOST_CHECK(parse_role("agent") == Role::agent);
    BOOST_CHECK(parse_role("supervisor") == Role::supervisor);
    BOOST_CHECK(parse_role("admin").error().code == ErrorCode::role_invalid);
}

BOOST_AUTO_TEST_CASE(names_and_passwords_have_their_bounds) {
    BOOST_TEST(check_username("Ann Ö").has_value());
    BOOST_CHECK(check_username("").error().code == ErrorCode::username_invalid);
    BOOST_CHECK(check_username("a\nb").error().code == ErrorCode::username_invalid);
    BOOST_CHECK(check_bot_name(std::string(65, 'x')).error().code == ErrorCode::name_invalid);
    BOOST_TEST(check_password("12345678").has_value());
    BOOST_CHECK(check_password("1234567").error().code == ErrorCode::password_invalid);
    BOOST_CHECK(check_password(std::string(1025, 'x')).error().code == ErrorCode::password_invalid);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
