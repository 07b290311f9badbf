// A request target: the resource that it names, and the clientId in it.
#include "base/utf8.hpp"
#include "http/router.hpp"
#include "http/url.hpp"
#include "input.hpp"

namespace {

using namespace livechat;

http::Router make_router() {
    http::Router router;
    const auto echo = [](const http::Request&, const std::string& parameter) {
        require(count_code_points(parameter).has_value());
        return http::Answer(http::Response{.body = parameter});
    };
    router.add(http::Method::post, "/api/chat/initialize", echo);
    router.add(http::Method::get, "/api/chat/sessions", echo);
    router.add(http::Method::get, "/api/chat/history/:clientId", echo);
    router.add(http::Method::put, "/api/chat/read/:clientId", echo);
    router.add(http::Method::put, "/a/:clientId/b", echo);
    return router;
}

}  // namespace

// The first byte chooses the method.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const http::Router router = make_router();
    if (size == 0) return 0;
    const auto target = as_text(data + 1, size - 1);
    const auto [path, query] = http::split_target(target);
    require(path.size() + query.size() <= target.size());

    http::Request request;
    request.method = static_cast<http::Method>(data[0] % 6);
    request.path = path;
    request.query = query;
    const auto answer = router.answer(request);
    const bool known = router.pattern_of(path) != "-";
    if (answer) require(known && answer->body.size() <= path.size());
    if (!answer) require(known == (answer.error().status != 404));
    return 0;
}
