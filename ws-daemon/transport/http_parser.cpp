#include "transport/http_parser.hpp"

#include <algorithm>
#include <charconv>

namespace livechat::transport {
namespace {

constexpr std::size_t kMaxChunkLine = 256;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
               kMarks.find(c) != std::string_view::npos;
    });
}

bool is_text(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

std::optional<std::size_t> parse_size(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
    const auto found =
        std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view HttpRequest::first_token(std::string_view name) const {
    const std::string_view list = header(name);
    const std::string_view first = trim(list.substr(0, list.find(',')));
    return is_token(first) ? first : std::string_view();
}

bool HttpRequest::header_has(std::string_view name, std::string_view word) const {
    for (const auto& [key, value] : headers) {
        if (key != name) continue;
        std::string_view rest = value;
        for (;;) {
            const auto comma = rest.find(',');
            if (to_lower(trim(rest.substr(0, comma))) == word) return true;
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return false;
}

std::string_view HttpRequest::path() const {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view HttpRequest::query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view()
                                     : std::string_view(target).substr(mark + 1);
}

bool HttpRequest::wants_websocket() const {
    return header_has("upgrade", "websocket") && header_has("connection", "upgrade");
}

HttpParser::Step HttpParser::advance() {
    switch (state_) {
        case State::head:
            return read_head();
        case State::body:
            return read_body();
        case State::chunk_size:
        case State::chunk_data:
        case State::trailer:
            return read_chunks();
        case State::complete:
            return Step::complete;
        case State::bad:
            return Step::bad;
    }
    return Step::bad;
}

HttpRequest HttpParser::take() {
    state_ = State::head;
    return std::exchange(request_, {});
}

void HttpParser::skip(std::size_t bytes) {
    begin_ += bytes;
    searched_ = 0;
}

void HttpParser::drop() {
    buffer_ = {};
    request_ = {};
    begin_ = 0;
    fail(503);
}

HttpParser::Step HttpParser::fail(int status) {
    status_ = status;
    state_ = State::bad;
    return Step::bad;
}

HttpParser::Step HttpParser::read_head() {
    // Empty lines before a request are to be ignored (RFC 9112, section 2.2).
    while (unread().starts_with(kLineEnd)) skip(kLineEnd.size());
    const auto end = unread().find(kHeadEnd, searched_);
    if (std::min(end, unread().size()) > kMaxHead) return fail(431);
    if (end == std::string_view::npos) {
        searched_ = unread().size() - std::min(unread().size(), kHeadEnd.size() - 1);
        return Step::need_more;
    }

    std::string_view head = unread().substr(0, end);
    bool first = true;
    while (!head.empty()) {
        const auto line_end = head.find(kLineEnd);
        const std::string_view line = head.substr(0, line_end);
        if (!(first ? parse_request_line(line) : parse_header(line))) return fail(400);
        first = false;
        head.remove_prefix(line_end == std::string_view::npos ? head.size()
                                                              : line_end + kLineEnd.size());
    }
    if (request_.headers.size() > kMaxHeaders) return fail(431);
    skip(end + kHeadEnd.size());
    if (!settle_body()) return Step::bad;
    return Step::head;
}

bool HttpParser::parse_request_line(std::string_view line) {
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || target_end <= method_end) return false;
    const std::string_view method = line.substr(0, method_end);
    const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
    const std::string_view version = line.substr(target_end + 1);
    if (!is_token(method) || !target.starts_with('/')) return false;
    if (!is_text(target) || target.find(' ') != std::string_view::npos) return false;
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
    request_.method = method;
    request_.target = target;
    request_.minor_version = version.back() - '0';
    return true;
}

bool HttpParser::parse_header(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (!is_token(name) || !is_text(value)) return false;
    request_.headers.emplace_back(to_lower(name), value);
    return true;
}

// How long the body is. Two statements about it are an attack on a program that reads it
// differently.
bool HttpParser::settle_body() {
    request_.keep_alive = request_.minor_version == 1
                              ? !request_.header_has("connection", "close")
                              : request_.header_has("connection", "keep-alive");
    const bool chunked = request_.header_has("transfer-encoding", "chunked");
    std::size_t lengths = 0;
    for (const auto& [name, value] : request_.headers) {
        if (name == "transfer-encoding" && to_lower(value) != "chunked") return fail(501), false;
        if (name != "content-length") continue;
        const auto length = parse_size(value, 10);
        if (!length || ++lengths > 1 || chunked) return fail(400), false;
        request_.content_length = *length;
    }
    state_ = chunked ? State::chunk_size : State::body;
    return true;
}

HttpParser::Step HttpParser::read_body() {
    if (request_.content_length > max_body_) return fail(413);
    if (unread().size() < request_.content_length) return Step::need_more;
    request_.body = unread().substr(0, request_.content_length);
    skip(request_.content_length);
    state_ = State::complete;
    return Step::complete;
}

HttpParser::Step HttpParser::read_chunks() {
    for (;;) {
        if (state_ == State::chunk_data) {
            if (unread().size() < chunk_left_ + kLineEnd.size()) return Step::need_more;
            if (unread().substr(chunk_left_, kLineEnd.size()) != kLineEnd) return fail(400);
            request_.body.append(unread().substr(0, chunk_left_));
            skip(chunk_left_ + kLineEnd.size());
            state_ = State::chunk_size;
        }
        const auto line = take_line();
        if (!line) return unread().size() > kMaxChunkLine ? fail(400) : Step::need_more;
        if (state_ == State::trailer) {
            if (!line->empty()) continue;
            request_.content_length = request_.body.size();
            state_ = State::complete;
            return Step::complete;
        }
        const auto size = parse_size(trim(std::string_view(*line).substr(0, line->find(';'))), 16);
        if (!size) return fail(400);
        if (*size > max_body_ || request_.body.size() + *size > max_body_) return fail(413);
        chunk_left_ = *size;
        state_ = *size == 0 ? State::trailer : State::chunk_data;
    }
}

std::optional<std::string> HttpParser::take_line() {
    const auto end = unread().substr(0, kMaxChunkLine + kLineEnd.size()).find(kLineEnd);
    if (end == std::string_view::npos) return std::nullopt;
    std::string line(unread().substr(0, end));
    skip(end + kLineEnd.size());
    return line;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != name) continue;
        if (equals == std::string_view::npos) return std::string();

        std::string value;
        const std::string_view encoded = pair.substr(equals + 1);
        for (std::size_t i = 0; i < encoded.size(); ++i) {
            const auto byte = encoded[i] == '%' && encoded.size() - i > 2
                                  ? parse_size(encoded.substr(i + 1, 2), 16)
                                  : std::nullopt;
            if (byte) {
                value += static_cast<char>(*byte);
                i += 2;
            } else {
                value += encoded[i] == '+' ? ' ' : encoded[i];
            }
        }
        return value;
    }
    return std::nullopt;
}

}  // namespace livechat::transport
