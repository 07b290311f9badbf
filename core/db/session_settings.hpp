// What a connection's session is to be like, whatever the server gives to new sessions: every
// variable that changes what our statements mean, whether they are stored, or how long they wait.
//
// Servers do not know all of them (MySQL 5.6 to 8, MariaDB 10.3 to 11), and some may be set by
// privileged accounts only. So a connection asks which there are and how they stand, and sets those
// that stand otherwise. Pure functions over text.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace livechat::db {

// Names in lower case -> values, as SHOW VARIABLES says them.
using Variables = std::map<std::string, std::string, std::less<>>;

struct SessionSetting {
    std::string_view name;
    std::string value;
    bool vital;  // without it, statements would mean something else: no connection then
};

// lock_timeout: how long a statement waits for a row or a table that others hold.
std::vector<SessionSetting> session_settings(std::chrono::seconds lock_timeout);

// Those without which the question itself would fail, or be answered in part. Every server knows
// them.
std::vector<SessionSetting> settings_before_question();

// The statement that asks for their variables, and for those in `more`.
std::string settings_question(const std::vector<SessionSetting>& settings,
                              const std::vector<std::string_view>& more);

// Those that the server knows and that stand otherwise.
std::vector<SessionSetting> settings_to_change(const std::vector<SessionSetting>& settings,
                                               const Variables& shown);

// SET, of all these at once, and of the character set: it need not be one that the client asks for.
std::string set_statement(const std::vector<SessionSetting>& settings);

}  // namespace livechat::db
