#include "db/trigger_probe.hpp"

#include <string_view>

#include "base/ids.hpp"

namespace livechat::db {
namespace {

std::uint64_t number_of(Rows rows) { return rows.next() ? rows.integer(1) : 0; }

}  // namespace

std::vector<std::string> find_idle_triggers(Connection& connection) {
    std::vector<std::string> idle;
    const Transaction rolled_back(connection);
    const auto client_id = "livechat-probe-" + random_id(15);
    connection.execute("INSERT INTO session (client_id) VALUES (?)", {std::string_view(client_id)});
    const auto id = number_of(connection.query("SELECT id FROM session WHERE client_id = ?",
                                               {std::string_view(client_id)}));
    const auto session_is = [&](std::string_view condition) {
        return number_of(connection.query(
                   "SELECT COUNT(*) FROM session WHERE id = ? AND " + std::string(condition),
                   {id})) > 0;
    };
    const auto announced = [&](std::string_view kind) {
        return number_of(connection.query(
                   "SELECT COUNT(*) FROM notification WHERE session_id = ? AND kind = ?",
                   {id, kind})) > 0;
    };
    const auto expect = [&](bool done, const char* trigger) {
        if (!done) idle.emplace_back(trigger);
    };
    expect(session_is("created_at > '2000-01-01'"), "session_before_insert");
    expect(announced("opened"), "session_after_insert");
    connection.execute("INSERT INTO message (session_id, sender, body) VALUES (?, 'client', '-')",
                       {id});
    expect(session_is("last_seq = 1 AND last_body = '-' AND waiting_since = last_message_at"),
           "message_before_insert");
    expect(announced("message"), "message_after_insert");
    connection.execute("UPDATE session SET status = 'closed' WHERE id = ?", {id});
    expect(announced("closed"), "session_after_update");
    expect(session_is("waiting_since < '1970-01-01'"), "session_before_update");
    return idle;
}

}  // namespace livechat::db
