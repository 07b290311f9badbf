// Which handler answers a request: method and raw path against the patterns. The path is matched as
// the client sent it and only the parameter is decoded, so an encoded slash ("%2F") is a character
// of the parameter and never a separator. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "http/problem.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace livechat::http {

using Answer = tl::expected<Response, Problem>;

// parameter: the decoded segment that ":name" stood for, well-formed UTF-8; empty without one.
using Handler = std::function<Answer(const Request& request, const std::string& parameter)>;

class Router {
  public:
    // pattern: literal text with at most one segment ":name", which matches one segment that is not
    // empty. Patterns must not overlap. HEAD and OPTIONS come with the rest: HEAD wherever there is
    // GET, OPTIONS everywhere.
    void add(Method method, std::string_view pattern, Handler handler);

    // Runs the handler that the request is for. Problems of its own: 404 not_found (trailing and
    // double slashes included), 405 method_not_allowed with the methods that would do, 400
    // url_invalid for a parameter that is badly encoded or not UTF-8.
    Answer answer(const Request& request) const;

    // The pattern that the path matches, for log lines; "-" for none.
    std::string_view pattern_of(std::string_view path) const;

  private:
    struct Resource {
        std::string pattern;
        std::string prefix;  // before the parameter; the whole pattern when there is none
        std::string suffix;
        bool has_parameter = false;
        std::vector<std::pair<Method, Handler>> handlers;
        std::string allow;  // value of the Allow header
    };

    static Resource make_resource(std::string_view pattern);
    const Resource* find(std::string_view path, std::string_view& parameter) const;

    std::vector<Resource> resources_;
};

}  // namespace livechat::http
