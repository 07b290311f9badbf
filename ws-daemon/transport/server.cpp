#include "transport/server.hpp"

#include <utility>
#include <vector>

#include "transport/client_service.hpp"
#include "transport/listener.hpp"
#include "transport/socketio_channel.hpp"

namespace livechat::transport {
namespace {

constexpr std::chrono::milliseconds kStopCheck{5};

class SocketIoFactory final : public ChannelFactory {
  public:
    SocketIoFactory(Loop& loop, app::Application& application, const Settings& settings)
        : loop_(loop), application_(application), settings_(settings) {}

    std::optional<app::Refusal> refuse_handshake(const app::Handshake& handshake) override {
        return application_.refuse_handshake(handshake);
    }
    std::unique_ptr<Channel> open(Carrier& carrier) override {
        return std::make_unique<SocketIoChannel>(loop_, carrier, application_, settings_);
    }

  private:
    Loop& loop_;
    app::Application& application_;
    const Settings& settings_;
};

// Pages, and nothing else.
class PageHttp final : public HttpService {
  public:
    explicit PageHttp(Server::Pages pages) : pages_(std::move(pages)) {}

    void on_head(Exchange&, const HttpRequest&) override {}
    void on_request(const std::shared_ptr<Exchange>& exchange) override {
        const HttpRequest& request = exchange->request();
        if (request.method != "GET" && request.method != "HEAD") {
            exchange->answer({405, "text/plain", "method not allowed\n", "Allow: GET, HEAD\r\n"});
            return;
        }
        auto page = pages_(request);
        exchange->answer(page ? *page : HttpReply{404, "text/plain", "not found\n", {}});
    }
    void on_upgrade(Exchange& exchange, Stream&, std::string) override {
        exchange.answer({404, "text/plain", "not found\n", {}});
    }

  private:
    Server::Pages pages_;
};

}  // namespace

struct Server::Impl {
    Impl(asio::io_context& io, Settings wanted)
        : loop(std::make_shared<Loop>(io, wanted.max_incoming)),
          settings(std::move(wanted)),
          stop_timer(io) {}

    void use(ChannelFactory& channels, app::Application* application) {
        clients = std::make_unique<ClientService>(loop, channels, application, settings);
    }

    Listener::OnAccept serve(HttpService& service) {
        return [this, &service](Stream::Socket socket, std::string address) {
            const auto stream =
                std::make_shared<Stream>(loop, std::move(socket), settings.max_write_buffer);
            stream->start(
                std::make_unique<HttpConnection>(*stream, service, settings, std::move(address)));
        };
    }

    std::string start(std::shared_ptr<Listener> listener) {
        listener->start();
        listeners.push_back(std::move(listener));
        return listeners.back()->endpoint();
    }

    std::string listen(std::string_view endpoint, HttpService& service) {
        return start(
            std::make_shared<Listener>(loop, endpoint, settings.unix_socket_mode, serve(service)));
    }

    // Who was accepted at a handed-over socket has no second try, so they are still served.
    void refuse_new() {
        has_successor = false;
        for (const auto& listener : listeners) {
            if (!listener->has_successor()) continue;
            listener->stop();
            has_successor = true;
        }
        if (!has_successor) clients->refuse_new();
    }

    void look_soon(Time deadline, std::function<void()> done) {
        stop_timer.expires_after(kStopCheck);
        stop_timer.async_wait([this, deadline, done](const asio::error_code& error) {
            if (!error) wait_until_empty(deadline, done);
        });
    }

    // First the sessions, whose clients may be between two polls, then the connections. The next
    // poll comes to the successor, if there is one, which knows no such session either.
    void wait_until_empty(Time deadline, std::function<void()> done) {
        const Time sessions_until = deadline - (deadline - stopped_at) / 2;
        const bool nobody_comes = has_successor || clients->empty();
        if (nobody_comes || Loop::now() >= sessions_until) {
            for (const auto& listener : listeners) listener->stop();
            for (Stream* stream : streams_now()) stream->shut_down();
        }
        const bool over = nobody_comes && loop->streams().empty();
        if (over || Loop::now() >= deadline) {
            for (const auto& listener : listeners) listener->stop();
            abort_all();
            done();
            return;
        }
        look_soon(deadline, std::move(done));
    }

    // A copy, since streams leave the set as they end.
    std::vector<Stream*> streams_now() const {
        return {loop->streams().begin(), loop->streams().end()};
    }

    void abort_all() {
        for (Stream* stream : streams_now()) stream->abort();
    }

    std::shared_ptr<Loop> loop;
    Settings settings;
    std::unique_ptr<SocketIoFactory> socketio;
    std::unique_ptr<ClientService> clients;
    std::vector<std::unique_ptr<PageHttp>> pages;
    std::vector<std::shared_ptr<Listener>> listeners;
    asio::steady_timer stop_timer;
    Time stopped_at;
    bool has_successor = false;
};

Server::Server(asio::io_context& io, app::Application& application, Settings settings)
    : impl_(std::make_unique<Impl>(io, std::move(settings))) {
    impl_->socketio = std::make_unique<SocketIoFactory>(*impl_->loop, application, impl_->settings);
    impl_->use(*impl_->socketio, &application);
}

Server::Server(asio::io_context& io, ChannelFactory& factory, Settings settings)
    : impl_(std::make_unique<Impl>(io, std::move(settings))) {
    impl_->use(factory, nullptr);
}

Server::~Server() {
    for (const auto& listener : impl_->listeners) listener->stop();
    impl_->abort_all();
    impl_->loop->stop();
}

std::string Server::listen(std::string_view endpoint) {
    return impl_->listen(endpoint, *impl_->clients);
}

std::string Server::listen(int handed_over) {
    return impl_->start(
        std::make_shared<Listener>(impl_->loop, handed_over, impl_->serve(*impl_->clients)));
}

std::string Server::listen_pages(std::string_view endpoint, Pages pages) {
    impl_->pages.push_back(std::make_unique<PageHttp>(std::move(pages)));
    return impl_->listen(endpoint, *impl_->pages.back());
}

void Server::allow_origins(std::vector<std::string> origins) {
    impl_->settings.allowed_origins = std::move(origins);
}

void Server::limit_input(eio::InputLimits limits) { impl_->settings.input = limits; }

void Server::limit_sessions(std::size_t all, std::size_t of_one_address) {
    impl_->settings.max_sessions = all;
    impl_->settings.max_sessions_per_address = of_one_address;
    impl_->clients->limit_sessions({all, of_one_address});
}

void Server::refuse_new() { impl_->refuse_new(); }

void Server::close_all(std::string_view reason) { impl_->clients->close_all(reason); }

void Server::stop(std::string_view reason,
                  std::chrono::milliseconds patience,
                  std::function<void()> done) {
    impl_->stopped_at = Loop::now();
    impl_->refuse_new();
    impl_->clients->refuse_new();
    impl_->clients->close_all(reason);
    impl_->look_soon(Loop::now() + patience, std::move(done));
}

const Counters& Server::counters() const { return impl_->loop->counters(); }

std::size_t Server::incoming() const { return impl_->loop->incoming().held(); }

}  // namespace livechat::transport
