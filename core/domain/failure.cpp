#include "domain/failure.hpp"

#include <cstddef>

namespace livechat {
namespace {

struct Entry {
    std::string_view code;
    int status;
};

constexpr Entry kErrors[] = {
#define LIVECHAT_ERROR(code, status, told_by, meaning) {#code, status},
#include "domain/error_codes.def"
#undef LIVECHAT_ERROR
};

const Entry& entry(ErrorCode code) { return kErrors[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view to_string(ErrorCode code) { return entry(code).code; }

int http_status(ErrorCode code) { return entry(code).status; }

}  // namespace livechat
