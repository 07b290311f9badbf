// What an account of the database may do, as SHOW GRANTS says it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace livechat::admin {

// What the programs need on their database, and no more.
inline constexpr const char* kNeededRights[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE"};

struct Rights {
    std::vector<std::string> missing;    // of those that the programs need
    std::vector<std::string> excessive;  // with which a program that was broken into could do harm
};

// grants: the lines of SHOW GRANTS.
Rights rights_on(const std::vector<std::string>& grants, std::string_view database);

// `name`, as SQL wants a name that may hold anything; 'text', as it wants a string.
std::string quoted_name(std::string_view name);
std::string quoted_text(std::string_view text);

// The database of a GRANT, where _ and % stand for any character unless they are escaped.
std::string quoted_pattern(std::string_view database);

}  // namespace livechat::admin
