#include "db/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace livechat::db {
namespace {

struct Reason {
    int code;  // of the server
    std::string_view text;
};

constexpr std::string_view kFull =
    "the disk of the database server is full: make room there; until then nothing is stored, and "
    "what is refused is sent again by its sender";
constexpr std::string_view kReadOnly =
    "the database server is read-only: name the one that takes writes in [database]";
constexpr std::string_view kNoRight =
    "the account lacks a right: run livechat-admin doctor, which names it";
constexpr std::string_view kOtherSchema =
    "the schema is not the one of this program: run livechat-admin migrate status";

constexpr std::array kReasons{
    Reason{3, kFull},     // a temporary file cannot be written
    Reason{1021, kFull},  // ER_DISK_FULL
    Reason{1026, kFull},  // ER_ERROR_ON_WRITE
    Reason{1114, kFull},  // ER_RECORD_FILE_FULL
    Reason{1040,
           "the database server has too many connections: raise max_connections there, or start "
           "fewer workers"},
    Reason{1290, kReadOnly},
    Reason{1836, kReadOnly},
    Reason{1142, kNoRight},
    Reason{1143, kNoRight},
    Reason{1370, kNoRight},
    Reason{1054, kOtherSchema},
    Reason{1146, kOtherSchema},
    Reason{1305, kOtherSchema},
    Reason{
        1449,
        "the account that ran the migrations is gone: see \"Triggers or procedures are missing\" "
        "in operations.md"},
    Reason{1153, "the database server's max_allowed_packet is too small: raise it to 16M"},
    Reason{1205,
           "another transaction holds the conversation for longer than database.lock_timeout_s"},
};

}  // namespace

std::string reason_of(const Error& error) {
    const auto* const found = std::ranges::find(kReasons, error.code(), &Reason::code);
    if (found != kReasons.end()) return std::string(found->text);
    // Where there is no connection, there is no statement either.
    if (error.kind() == ErrorKind::lost) return error.what();
    return "see the code";
}

}  // namespace livechat::db
