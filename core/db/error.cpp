#include "db/error.hpp"

#include "db/error_codes.hpp"

namespace livechat::db {

std::string reason_of(const Error& error) {
    const auto* const known = find_known_error(error.code(), error.what());
    if (known && !known->what.empty()) {
        std::string reason(known->what);
        if (!known->advice.empty()) reason.append(": ").append(known->advice);
        return reason;
    }
    // Where there is no connection, there is no statement either.
    if (error.kind() == ErrorKind::lost) return error.what();
    return "see the code";
}

}  // namespace livechat::db
