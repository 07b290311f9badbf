// HTTP/1.0 and 1.1 requests out of a stream of bytes, in pieces of any size and one behind the
// other (RFC 9112). Sans-IO. It reads what clients of a chat send: no trailers, no obsolete line
// folding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livechat::transport {

struct HttpRequest {
    std::string method;
    std::string target;  // as on the request line
    int minor_version = 1;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    bool keep_alive = true;
    std::size_t content_length = 0;

    // Of the first header with this lower-case name, or empty.
    std::string_view header(std::string_view name) const;
    // The first element of a comma-separated header; empty unless it is a token.
    std::string_view first_token(std::string_view name) const;
    // Whether a comma-separated header holds this lower-case word.
    bool header_has(std::string_view name, std::string_view word) const;
    std::string_view path() const;
    std::string_view query() const;  // without the '?'
    bool wants_websocket() const;
};

class HttpParser {
  public:
    enum class Step : std::uint8_t { need_more, head, complete, bad };

    // max_body: bytes; of a longer body only that it is longer is known.
    explicit HttpParser(std::size_t max_body) : max_body_(max_body) {}

    void append(std::string_view bytes) {
        buffer_.erase(0, std::exchange(begin_, 0));
        buffer_.append(bytes);
    }

    // `head` and then `complete` once for each request; take() it before the next advance().
    // `bad`: answer status() and close; there is no way to find the next request.
    Step advance();
    const HttpRequest& request() const { return request_; }
    HttpRequest take();
    int status() const { return status_; }

    // Bytes that are kept because the rest of the request has not come.
    std::size_t held() const { return unread().size() + request_.body.size(); }
    // Nothing of a further request has come yet.
    bool idle() const { return state_ == State::head && unread().empty(); }
    // Bytes behind the request that was taken last: what follows an upgrade.
    std::string take_rest() { return std::exchange(buffer_, {}).substr(std::exchange(begin_, 0)); }

    // Forgets what it holds; no request can be read any more.
    void drop();

    static constexpr std::size_t kMaxHead = 72 * 1024;  // the largest that nginx is told to pass on
    static constexpr std::size_t kMaxHeaders = 100;

  private:
    enum class State : std::uint8_t { head, body, chunk_size, chunk_data, trailer, complete, bad };

    std::string_view unread() const { return std::string_view(buffer_).substr(begin_); }
    void skip(std::size_t bytes);
    Step fail(int status);
    Step read_head();
    bool parse_request_line(std::string_view line);
    bool parse_header(std::string_view line);
    bool settle_body();
    Step read_body();
    Step read_chunks();
    std::optional<std::string> take_line();

    std::string buffer_;
    std::size_t begin_ = 0;     // of what is not read yet
    std::size_t searched_ = 0;  // bytes behind it that hold no end of a head
    HttpRequest request_;
    std::size_t max_body_;
    std::size_t chunk_left_ = 0;
    int status_ = 400;
    State state_ = State::head;
};

// The value of a parameter in a query string, percent-decoded; nullopt if it is not there.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

}  // namespace livechat::transport
