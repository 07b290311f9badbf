// Which migrations a database lacks. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace livechat::admin {

// sql/migrations/NNNN_name.sql
struct Migration {
    unsigned version = 0;
    std::string name;  // without number and ending
    std::string file;  // "0001_chat.sql"
};

// nullopt-like: version 0 for what is not the name of a migration.
Migration parse_migration_name(std::string_view file);

// Version -> when it was applied.
using Applied = std::map<unsigned, std::string>;

struct Plan {
    std::vector<Migration> to_apply;  // in order
    std::vector<unsigned> unknown;    // applied, but not among the available ones
    bool newer = false;               // one of them is above all that are available
};

// available: by version, ascending.
Plan plan(const std::vector<Migration>& available, const Applied& applied);

}  // namespace livechat::admin
