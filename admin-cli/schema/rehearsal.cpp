#include "schema/rehearsal.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "db/error_codes.hpp"
#include "schema/migrator.hpp"

namespace livechat::admin {
namespace {

struct Step {
    std::string_view what;  // "the account may not …"
    std::string_view sql;
};

constexpr std::array kRemoval{
    std::string_view("UNLOCK TABLES"),
    std::string_view("DROP PROCEDURE IF EXISTS livechat_rehearsal_call"),
    std::string_view("DROP FUNCTION IF EXISTS livechat_rehearsal_count"),
    std::string_view("DROP TABLE IF EXISTS livechat_rehearsal_more"),
    std::string_view("DROP TABLE IF EXISTS livechat_rehearsal"),
};

constexpr std::array kSteps{
    Step{"making a table",
         "CREATE TABLE livechat_rehearsal (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,"
         " name VARBINARY(512) NOT NULL,"
         " made_at DATETIME(3) NOT NULL DEFAULT '1000-01-01 00:00:00',"
         " reason VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',"
         " PRIMARY KEY (id), UNIQUE KEY rehearsal_name (name))"
         " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"},
    Step{"making a table that refers to another",
         "CREATE TABLE livechat_rehearsal_more (id BIGINT UNSIGNED NOT NULL, body MEDIUMTEXT,"
         " PRIMARY KEY (id), CONSTRAINT livechat_rehearsal_more FOREIGN KEY (id)"
         " REFERENCES livechat_rehearsal (id) ON DELETE CASCADE)"
         " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"},
    Step{"changing a table",
         "ALTER TABLE livechat_rehearsal ADD last_body VARCHAR(255) CHARACTER SET utf8mb4"
         " COLLATE utf8mb4_bin NULL"},
    Step{"locking tables", "LOCK TABLES livechat_rehearsal WRITE, livechat_rehearsal_more WRITE"},
    Step{"making a trigger",
         "CREATE TRIGGER livechat_rehearsal_insert AFTER INSERT ON livechat_rehearsal FOR EACH ROW"
         " INSERT INTO livechat_rehearsal_more (id, body) VALUES (NEW.id, UTC_TIMESTAMP(3))"},
    Step{"unlocking tables", "UNLOCK TABLES"},
    Step{"making a function",
         "CREATE FUNCTION livechat_rehearsal_count (p_id BIGINT UNSIGNED) RETURNS BIGINT UNSIGNED"
         " NOT DETERMINISTIC READS SQL DATA"
         " RETURN (SELECT COUNT(*) FROM livechat_rehearsal_more WHERE id = p_id)"},
    Step{"making a procedure",
         "CREATE PROCEDURE livechat_rehearsal_call (IN p_name VARCHAR(128) CHARACTER SET utf8mb4)"
         " MODIFIES SQL DATA"
         " INSERT INTO livechat_rehearsal (name, reason)"
         " SELECT CAST(p_name AS BINARY), UUID() FROM DUAL WHERE livechat_rehearsal_count(1) = 0"},
    Step{"calling a procedure", "CALL livechat_rehearsal_call('rehearsal')"},
    Step{"deleting rows", "DELETE FROM livechat_rehearsal WHERE id >= 0"},
};

void remove_all(db::Connection& connection) {
    for (const auto sql : kRemoval) {
        try {
            connection.run(sql);
        } catch (const db::Error&) {
            // Either it was not made, or the account may not remove it; the next run tries again.
        }
    }
}

std::string advice_on(const db::Error& error) {
    const auto* const known = db::find_known_error(error.code(), error.what());
    const bool right = known && (known->cause == db::Cause::missing_right ||
                                 known->cause == db::Cause::no_database);
    if (right || !known || known->advice.empty()) {
        return "mend that, or name an account that may do it (--db-user, --defaults-file)";
    }
    return std::string(known->what) + ", " + std::string(known->advice);
}

}  // namespace

void rehearse(db::Connection& connection) {
    remove_all(connection);
    for (const auto& [what, sql] : kSteps) {
        try {
            connection.run(sql);
        } catch (const db::Error& error) {
            remove_all(connection);
            throw MigrationError("the server refuses " + std::string(what) +
                                 ", which migrations need (" + error.what() +
                                 "); nothing was changed: " + advice_on(error));
        }
    }
    remove_all(connection);
}

}  // namespace livechat::admin
