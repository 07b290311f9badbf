// HTTP on one connection: requests are read ahead (a client may pipeline a POST behind a poll that
// waits), answers go out in the order of the requests, and the connection is kept where the client
// wants that (RFC 9112, section 9.3).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "transport/http_parser.hpp"
#include "transport/stream.hpp"

namespace livechat::transport {

class HttpConnection;

struct HttpReply {
    int status = 200;
    std::string content_type = "text/plain; charset=UTF-8";
    std::string body;
    std::string headers;  // further ones, each with its line end
};

// One request on its way to an answer.
class Exchange : public std::enable_shared_from_this<Exchange> {
  public:
    // Who holds the request back wants to know when no one waits for the answer any more.
    class Owner {
      public:
        virtual void on_exchange_gone(Exchange& exchange) = 0;

      protected:
        ~Owner() = default;
    };

    explicit Exchange(HttpConnection* connection) : connection_(connection) {}

    const HttpRequest& request() const { return request_; }
    bool answered() const { return !answer_.empty(); }
    // Of the peer of the connection; only until it is answered.
    std::string_view address() const;
    void set_owner(Owner* owner) { owner_ = owner; }
    // Headers that every answer gets, each with its line end.
    void set_headers(std::string headers) { headers_ = std::move(headers); }
    // Once; without effect when the client is gone.
    void answer(const HttpReply& reply);

  private:
    friend class HttpConnection;

    HttpRequest request_;
    std::string headers_;
    std::string answer_;
    HttpConnection* connection_;
    Owner* owner_ = nullptr;
    bool keep_alive_ = true;
};

// What a listener serves.
class HttpService {
  public:
    virtual ~HttpService() = default;

    // The head of a request that has a body: what is answered here is not read, and ends the
    // connection.
    virtual void on_head(Exchange& exchange, const HttpRequest& head) = 0;
    virtual void on_request(const std::shared_ptr<Exchange>& exchange) = 0;
    // A request to open a WebSocket: a service that does not take the stream over answers.
    virtual void on_upgrade(Exchange& exchange, Stream& stream, std::string rest) = 0;
};

class HttpConnection final : public StreamHandler {
  public:
    // address: of the peer; empty on a unix socket.
    HttpConnection(Stream& stream,
                   HttpService& service,
                   const Settings& settings,
                   std::string address);
    ~HttpConnection() override;

    void on_bytes(std::span<char> bytes) override;
    void on_end() override;
    void on_overflow() override { on_end(); }
    Time deadline() const override { return waiting_for_.until(); }
    std::size_t held() const override { return parser_.held(); }
    void on_overload() override;
    void on_stream_deadline() override;
    void on_turn_end() override;
    void on_shutdown() override;

  private:
    friend class Exchange;

    void read_requests();
    bool read_request();
    void begin_exchange();
    void stop_reading();
    void refuse(int status);
    void send_answers();
    void wait_for_next();

    Stream& stream_;
    HttpService& service_;
    const Settings& settings_;
    std::string address_;
    HttpParser parser_;
    std::shared_ptr<Exchange> incoming_;  // its head is there, its body is not
    std::deque<std::shared_ptr<Exchange>> exchanges_;
    enum class Waiting : std::uint8_t { first_byte, request, answer, next_request };
    eio::TimedState<Waiting> waiting_for_;
    bool last_ = false;  // reads no further request
};

}  // namespace livechat::transport
