// A migration's file as the statements in it, as the mariadb client would send them: they end with
// a semicolon, or with what the last DELIMITER line says. Pure.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace livechat::admin {

struct Statement {
    std::string text;      // without its delimiter; comments are left in
    std::size_t line = 0;  // of its first word

    bool operator==(const Statement&) const = default;
};

// "line 12: a string is not closed"
struct ScriptError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// In order. Comments alone are no statement. Throws ScriptError for a string, a quoted name or a
// comment that does not end.
std::vector<Statement> split_statements(std::string_view script);

// What a statement creates or drops that the programs need: "trigger message_before_insert",
// "procedure livechat_send", "function …". Empty for any other.
struct NamedObject {
    bool created = false;  // or dropped
    std::string kind;      // "trigger", "procedure", "function"
    std::string name;
};
NamedObject named_object(std::string_view statement);

}  // namespace livechat::admin
