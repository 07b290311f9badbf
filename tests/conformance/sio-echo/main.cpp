// sio-echo: a small server on livechat's protocol layers, without chat and database, that answers
// with what it is sent. Test suites for Engine.IO v4 and Socket.IO v5 run against it.
#include <CLI/CLI.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/application.hpp"
#include "transport/server.hpp"
#include "transport/websocket_codec.hpp"

namespace {

using namespace livechat;

// Engine.IO: every message goes back as it came.
class EchoChannel final : public transport::Channel {
  public:
    explicit EchoChannel(transport::Carrier& carrier) : carrier_(carrier) {}

    void on_message(std::string data, bool binary) override {
        constexpr char kMessage = '4';
        carrier_.send(binary ? transport::make_frame(transport::Opcode::binary, data)
                             : transport::make_frame(transport::Opcode::text, data, kMessage));
    }
    void on_close(std::string_view) override {}

  private:
    transport::Carrier& carrier_;
};

class EchoFactory final : public transport::ChannelFactory {
  public:
    std::unique_ptr<transport::Channel> open(transport::Carrier& carrier) override {
        return std::make_unique<EchoChannel>(carrier);
    }
};

// Socket.IO: "message" comes back as "message-back", "message-with-ack" is acknowledged.
class EchoApplication final : public app::Application {
  public:
    bool has_namespace(std::string_view name) const override {
        return name == "/" || name == "/custom";
    }
    void on_connect(const std::shared_ptr<app::Socket>& socket,
                    const app::Handshake&,
                    std::string_view,
                    const app::Json& auth) override {
        socket->accept();
        socket->emit("auth", app::Json::array({auth}));
    }
    void on_event(app::Socket& socket, app::Event event) override {
        if (event.name == "message") {
            socket.emit("message-back", event.args, std::move(event.attachments));
        } else if (event.name == "message-with-ack" && event.ack_id) {
            socket.acknowledge(*event.ack_id, event.args, std::move(event.attachments));
        } else if (event.name == "ask-me") {
            // For acknowledgements in the other direction.
            socket.emit_with_ack("question", event.args,
                                 [self = socket.shared_from_this()](const app::Json& args,
                                                                    app::Attachments attachments) {
                                     self->emit("answered", args, std::move(attachments));
                                 });
        } else if (event.name == "leave-me") {
            socket.disconnect(!event.args.empty() && event.args.front() == true, "asked");
        }
    }
    void on_disconnect(app::Socket&, std::string_view) override {}
};

struct Timeouts {
    // Milliseconds; what other suites expect.
    int ping = 200;
    int connect = 1000;
};

transport::Settings echo_settings(const Timeouts& timeouts) {
    transport::Settings settings;
    settings.ping_interval = std::chrono::milliseconds(300);
    settings.ping_timeout = std::chrono::milliseconds(timeouts.ping);
    settings.max_payload = 1000000;
    settings.upgrade_timeout = std::chrono::seconds(10);
    settings.connect_timeout = std::chrono::milliseconds(timeouts.connect);
    return settings;
}

int run(const std::string& protocol,
        int port,
        const std::string& unix_socket,
        const Timeouts& timeouts,
        std::vector<std::string> origins) {
    asio::io_context io(1);
    EchoFactory factory;
    EchoApplication application;
    transport::Settings settings = echo_settings(timeouts);
    settings.allowed_origins = std::move(origins);
    std::unique_ptr<transport::Server> server;
    if (protocol == "engine.io") {
        settings.path = "/engine.io/";
        server = std::make_unique<transport::Server>(io, factory, settings);
    } else {
        server = std::make_unique<transport::Server>(io, application, settings);
    }
    const std::string endpoint = server->listen("127.0.0.1:" + std::to_string(port));
    if (!unix_socket.empty()) server->listen("unix:" + unix_socket);

    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const asio::error_code&, int) {
        server->stop("shutdown", std::chrono::milliseconds(2000), [&] { io.stop(); });
    });
    std::cout << "listening on " << endpoint << std::endl;
    io.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App options("Echo server for Engine.IO and Socket.IO test suites");
    int port = 0;
    std::string protocol = "socket.io";
    std::string unix_socket;
    options.add_option("--port", port, "TCP port on 127.0.0.1; 0: any free one")
        ->check(CLI::Range(0, 65535));
    options.add_option("--protocol", protocol, "engine.io or socket.io")
        ->check(CLI::IsMember({"engine.io", "socket.io"}));
    options.add_option("--unix", unix_socket, "also listen on this unix socket");
    Timeouts timeouts;
    options.add_option("--ping-timeout", timeouts.ping, "how long a pong may take, in ms")
        ->check(CLI::Range(1, 60000))
        ->capture_default_str();
    options.add_option("--connect-timeout", timeouts.connect, "how long a CONNECT may take, in ms")
        ->check(CLI::Range(1, 60000))
        ->capture_default_str();
    std::vector<std::string> origins;
    options.add_option("--allow-origin", origins, "a page that may talk to it, as https://host");
    CLI11_PARSE(options, argc, argv);
    try {
        return run(protocol, port, unix_socket, timeouts, origins);
    } catch (const std::exception& error) {
        std::cerr << "sio-echo: " << error.what() << '\n';
        return 1;
    }
}
