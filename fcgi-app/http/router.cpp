#include "http/router.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace livechat::http {

void Router::add(Method method, std::string_view pattern, Handler handler) {
    auto resource = std::ranges::find(resources_, pattern, &Resource::pattern);
    if (resource == resources_.end()) {
        resource = resources_.insert(resource, make_resource(pattern));
    }
    resource->allow.insert(
        0, method == Method::get ? "GET, HEAD, " : std::string(to_string(method)) + ", ");
    resource->handlers.emplace_back(method, std::move(handler));
}

Answer Router::answer(const Request& request) const {
    std::string_view raw;
    const Resource* resource = find(request.path, raw);
    if (!resource) {
        return tl::unexpected(
            Problem{.code = ErrorCode::not_found, .detail = "There is nothing at this path"});
    }
    if (request.method == Method::options) {
        return Response{.status = 204, .headers = {{"Allow", resource->allow}}};
    }

    const Method wanted = request.method == Method::head ? Method::get : request.method;
    const auto handler =
        std::ranges::find(resource->handlers, wanted, &std::pair<Method, Handler>::first);
    if (handler == resource->handlers.end()) {
        return tl::unexpected(Problem{.code = ErrorCode::method_not_allowed,
                                      .detail = "This path does not answer this method",
                                      .allow = resource->allow});
    }

    const auto parameter = decode_segment(raw);
    if (!parameter) {
        return tl::unexpected(Problem{.code = ErrorCode::url_invalid,
                                      .detail = "The path is badly percent-encoded or not UTF-8"});
    }
    return handler->second(request, *parameter);
}

std::string_view Router::pattern_of(std::string_view path) const {
    std::string_view parameter;
    const Resource* resource = find(path, parameter);
    return resource ? resource->pattern : std::string_view("-");
}

Router::Resource Router::make_resource(std::string_view pattern) {
    Resource resource{.pattern = std::string(pattern),
                      .prefix = std::string(pattern),
                      .suffix = {},
                      .has_parameter = false,
                      .handlers = {},
                      .allow = "OPTIONS"};
    const auto colon = pattern.find(':');
    if (colon != std::string_view::npos) {
        const auto end = std::min(pattern.find('/', colon), pattern.size());
        resource.prefix = pattern.substr(0, colon);
        resource.suffix = pattern.substr(end);
        resource.has_parameter = true;
    }
    return resource;
}

const Router::Resource* Router::find(std::string_view path, std::string_view& parameter) const {
    for (const Resource& resource : resources_) {
        if (!resource.has_parameter) {
            if (path == resource.prefix) return &resource;
            continue;
        }
        if (!path.starts_with(resource.prefix)) continue;
        auto rest = path.substr(resource.prefix.size());
        if (!rest.ends_with(resource.suffix)) continue;
        rest.remove_suffix(resource.suffix.size());
        if (rest.empty() || rest.find('/') != std::string_view::npos) continue;
        parameter = rest;
        return &resource;
    }
    return nullptr;
}

}  // namespace livechat::http
