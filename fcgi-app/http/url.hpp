// What of a URL we read ourselves, raw as the client sent it: percent-encoding (RFC 3986,
// section 2.1) and query strings (application/x-www-form-urlencoded, WHATWG URL).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livechat::http {

// A path segment, decoded. nullopt for a '%' without two hexadecimal digits behind it and for what
// is not UTF-8. '+' stands for itself.
std::optional<std::string> decode_segment(std::string_view raw);

// The parameters of a query string. Of a parameter that comes twice the last one counts, as of a
// member that comes twice in a JSON object.
class Query {
  public:
    // raw: what stands behind the '?'. '+' is a space. nullopt as with decode_segment.
    static std::optional<Query> parse(std::string_view raw);

    // nullopt: it was not sent; "limit" and "limit=" are the empty text. Valid as long as the
    // Query.
    std::optional<std::string_view> get(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

// Path and query of a request target ("/a/b?c=d" is "/a/b" and "c=d"), both still encoded.
std::pair<std::string_view, std::string_view> split_target(std::string_view target);

}  // namespace livechat::http
