// One HTTP request as the handlers see it. Views point into memory of the connection and are good
// until the request is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace livechat::http {

enum class Method : std::uint8_t { get, head, post, put, del, options, other };

// "GET" and so on, upper case as the wire has it; what we answer nowhere is `other`.
Method parse_method(std::string_view word);
std::string_view to_string(Method method);
// Whether a request of that method may change anything.
constexpr bool may_write(Method method) {
    return method == Method::post || method == Method::put || method == Method::del;
}

// Where the rest of a request comes from.
class BodySource {
  public:
    virtual ~BodySource() = default;
    // Waits for `size` bytes; fewer mean that the body is over.
    virtual std::size_t read(char* to, std::size_t size) = 0;
};

struct Request {
    Method method = Method::get;
    std::string_view path;   // raw: still percent-encoded
    std::string_view query;  // raw, without the '?'
    std::string_view content_type;
    std::string_view content_length;  // empty: not told
    std::string_view remote_address;
    bool secure = false;  // the client came by https
    // Headers as received; empty: not sent.
    std::string_view host;
    std::string_view origin;
    std::string_view referer;
    std::string_view fetch_site;  // Sec-Fetch-Site
    std::string_view cookie;
    std::string_view authorization;
    std::string_view preflight_method;  // Access-Control-Request-Method
    std::string request_id;             // see choose_request_id()
    BodySource* body = nullptr;
};

enum class BodyError {
    bad_length,  // Content-Length is no number
    too_large,
    incomplete,  // it ended before Content-Length
};

// Reads the whole body. One of more than `limit` bytes is refused without reading further than
// that, and unread when Content-Length says so already.
tl::expected<std::string, BodyError> read_body(const Request& request, std::size_t limit);

// The length that the client announces is over the limit: no need to look at the rest.
bool announces_more_than(const Request& request, std::size_t limit);

// The id that a request has in headers, answers and logs: the proxy's, if it is 1 to 64 letters,
// digits, '-', '_' or '.'; else a new one.
std::string choose_request_id(std::string_view from_proxy);

}  // namespace livechat::http
