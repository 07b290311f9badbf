// The Cookie header of a request (RFC 6265, section 5.4), and the cookies of livechat. Pure.
#pragma once

#include <string_view>

namespace livechat {

// A cookie that holds a token. Browsers take one called `host_name` only over https, from the very
// host that it is for, and for all of its paths (RFC 6265bis, "The __Host- Prefix"): no other site,
// sub-domain or page over plain http can plant it.
struct TokenCookie {
    std::string_view host_name;   // where it is Secure
    std::string_view plain_name;  // over plain http, and of versions before 0.3.0
};
inline constexpr TokenCookie kVisitorCookie{"__Host-livechat_visitor", "livechat_visitor"};
inline constexpr TokenCookie kAgentCookie{"__Host-livechat_agent", "livechat_agent"};

// The token that the header brings in this cookie; empty without one. The plain name counts
// only where the other is not there at all, so that a planted cookie never wins.
std::string_view cookie_token(std::string_view header, const TokenCookie& cookie);

// Whether the header brings the cookie under its plain name alone.
bool is_plain(std::string_view header, const TokenCookie& cookie);

// The value of the first cookie of that name in "a=1; b=2", without the quotes that may stand
// around it; empty if there is none. A view into the header.
std::string_view cookie_value(std::string_view header, std::string_view name);

}  // namespace livechat
