// The few pages that tell of the program itself, over HTTP/1.0 on a socket of their own: one small
// request at a time, which is all that a monitor needs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace livechat::status {

struct Page {
    int status = 200;
    std::string_view content_type = "text/plain; charset=utf-8";
    std::string body;
};

// path: as it stands in the request, without the query. nullopt: 404.
using Pages = std::function<std::optional<Page>(std::string_view path)>;

// Answers on the (non-blocking) listening socket until wake_fd is readable. A slow client has two
// seconds. Throws std::system_error when the listening socket fails.
void serve_pages(int listen_fd, int wake_fd, const Pages& pages);

// The answer to the head of a request, as bytes. Pure.
std::string answer_to(std::string_view head, const Pages& pages);

}  // namespace livechat::status
