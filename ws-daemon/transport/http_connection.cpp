#include "transport/http_connection.hpp"

#include <utility>

#include "engineio/request_error.hpp"

namespace livechat::transport {
namespace {

constexpr std::size_t kMaxPipelined = 16;

std::string_view phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 426:
            return "Upgrade Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        default:
            return "Unknown";
    }
}

std::string serialise(const HttpReply& reply,
                      std::string_view more_headers,
                      bool keep_alive,
                      bool without_body) {
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    out += phrase(reply.status);
    if (reply.status != 204) {
        out += "\r\nContent-Type: " + reply.content_type;
        out += "\r\nContent-Length: " + std::to_string(reply.body.size());
    }
    out += "\r\nCache-Control: no-store\r\nConnection: ";
    out += keep_alive ? "keep-alive\r\n" : "close\r\n";
    out += reply.headers;
    out += more_headers;
    out += "\r\n";
    if (!without_body) out += reply.body;
    return out;
}

std::string words_for(int status, const Settings& settings) {
    switch (status) {
        case 413:
            return eio::payload_too_large(settings.max_payload);
        case 431:
            return "The headers are too large: at most " + std::to_string(HttpParser::kMaxHead) +
                   " bytes and " + std::to_string(HttpParser::kMaxHeaders) +
                   " lines. Most of that are usually the site's cookies.\n";
        case 503:
            return "overloaded: too much has come in half, try again\n";
        default:
            return std::string(phrase(status)) + '\n';
    }
}

}  // namespace

std::string_view Exchange::address() const {
    return connection_ ? std::string_view(connection_->address_) : std::string_view();
}

void Exchange::answer(const HttpReply& reply) {
    owner_ = nullptr;
    if (!connection_ || answered()) return;
    if (reply.status >= 400) ++connection_->stream_.loop().counters().requests_refused;
    answer_ = serialise(reply, headers_, keep_alive_, request_.method == "HEAD");
    connection_->send_answers();
}

HttpConnection::HttpConnection(Stream& stream,
                               HttpService& service,
                               const Settings& settings,
                               std::string address)
    : stream_(stream),
      service_(service),
      settings_(settings),
      address_(std::move(address)),
      parser_(settings.max_payload),
      waiting_for_(Waiting::first_byte, Loop::now() + settings.http_request_timeout) {}

HttpConnection::~HttpConnection() { on_end(); }

void HttpConnection::on_bytes(std::span<char> bytes) {
    if (last_) return;
    parser_.append({bytes.data(), bytes.size()});
    read_requests();
}

void HttpConnection::on_end() {
    stop_reading();
    incoming_.reset();
    auto exchanges = std::exchange(exchanges_, {});
    for (const auto& exchange : exchanges) {
        exchange->connection_ = nullptr;
        if (auto* owner = std::exchange(exchange->owner_, nullptr))
            owner->on_exchange_gone(*exchange);
    }
}

void HttpConnection::on_stream_deadline() {
    if (!parser_.idle() || incoming_) refuse(408);
    if (!last_) {
        on_end();
        stream_.finish();
    }
}

void HttpConnection::on_overload() {
    refuse(503);
    parser_.drop();
}

void HttpConnection::on_turn_end() {
    stream_.resume_reading();
    read_requests();
}

void HttpConnection::on_shutdown() {
    if (!exchanges_.empty()) {
        for (const auto& exchange : exchanges_) exchange->keep_alive_ = false;
        return;
    }
    on_end();
    stream_.finish();
}

void HttpConnection::read_requests() {
    while (!last_ && exchanges_.size() < kMaxPipelined && read_request()) {
    }
    if (last_) return;
    if (exchanges_.size() >= kMaxPipelined) stream_.pause_reading();
    wait_for_next();
}

// False: no further request can be read now.
bool HttpConnection::read_request() {
    switch (parser_.advance()) {
        case HttpParser::Step::need_more:
            return false;
        case HttpParser::Step::head:
            begin_exchange();
            return true;
        case HttpParser::Step::complete: {
            const auto exchange = std::exchange(incoming_, nullptr);
            exchange->request_ = parser_.take();
            waiting_for_.enter(Waiting::answer);
            if (!exchange->request_.wants_websocket()) {
                service_.on_request(exchange);
                // It may wait for long: of what was asked, only how matters to the answer.
                HttpRequest asked = std::exchange(exchange->request_, {});
                exchange->request_.method = std::move(asked.method);
                return true;
            }
            stop_reading();
            exchange->keep_alive_ = false;
            if (exchanges_.size() > 1) {
                exchange->answer({400, "text/plain", "upgrade behind a waiting request", {}});
            } else {
                service_.on_upgrade(*exchange, stream_, parser_.take_rest());
            }
            return false;
        }
        case HttpParser::Step::bad:
            refuse(parser_.status());
            return false;
    }
    return false;
}

void HttpConnection::begin_exchange() {
    ++stream_.loop().counters().http_requests;
    const HttpRequest& head = parser_.request();
    incoming_ = std::make_shared<Exchange>(this);
    exchanges_.push_back(incoming_);
    if (head.content_length > 0 || !head.header("transfer-encoding").empty()) {
        // A client that is refused before its body may go on sending it: such an answer is the
        // last.
        const auto exchange = incoming_;
        exchange->keep_alive_ = false;
        service_.on_head(*exchange, head);
        if (exchange->answered()) return stop_reading();
        if (head.header_has("expect", "100-continue") && exchanges_.size() == 1) {
            stream_.write(std::make_shared<eio::Frame>(
                eio::Frame{"HTTP/1.1 100 Continue\r\n\r\n", 0, false}));
        }
    }
    incoming_->keep_alive_ = head.keep_alive;
}

// What is still to come are answers.
void HttpConnection::stop_reading() {
    last_ = true;
    waiting_for_.enter(Waiting::answer);
}

// Answers what came in half, behind the answers to what came before it, and reads no further.
void HttpConnection::refuse(int status) {
    stop_reading();
    auto exchange = std::exchange(incoming_, nullptr);
    if (!exchange) {
        exchange = std::make_shared<Exchange>(this);
        exchanges_.push_back(exchange);
    }
    exchange->keep_alive_ = false;
    auto* owner = std::exchange(exchange->owner_, nullptr);
    exchange->answer({status, "text/plain; charset=UTF-8", words_for(status, settings_),
                      status == 503 ? "Retry-After: 5\r\n" : ""});
    if (owner) owner->on_exchange_gone(*exchange);
}

void HttpConnection::send_answers() {
    while (!exchanges_.empty() && exchanges_.front()->answered()) {
        const auto exchange = exchanges_.front();
        exchanges_.pop_front();
        exchange->connection_ = nullptr;
        stream_.write(std::make_shared<eio::Frame>(eio::Frame{exchange->answer_, 0, false}));
        if (!exchange->keep_alive_) {
            on_end();
            stream_.finish();
            return;
        }
    }
}

// A request's time runs from its first byte: sending one byte now and then gains nothing.
void HttpConnection::wait_for_next() {
    if (!parser_.idle() || incoming_) {
        if (waiting_for_ == Waiting::request) return;
        waiting_for_.enter(Waiting::request, Loop::now() + settings_.http_request_timeout);
    } else if (!exchanges_.empty()) {
        waiting_for_.enter(Waiting::answer);
    } else if (waiting_for_ == Waiting::request || waiting_for_ == Waiting::answer) {
        waiting_for_.enter(Waiting::next_request, Loop::now() + settings_.http_idle_timeout);
    }
}

}  // namespace livechat::transport
