// The Cookie header of a request (RFC 6265, section 5.4). Pure.
#pragma once

#include <string_view>

namespace livechat {

// The value of the first cookie of that name in "a=1; b=2", without the quotes that may stand
// around it; empty if there is none. A view into the header.
std::string_view cookie_value(std::string_view header, std::string_view name);

}  // namespace livechat
