#include "daemon/doorbell_listener.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

#include "base/doorbell.hpp"

namespace livechat {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr mode_t kSocketMode = 0660;

}  // namespace

DoorbellListener::DoorbellListener(asio::io_context& io,
                                   const std::string& endpoint,
                                   std::function<void()> heard)
    : socket_(io), heard_(std::move(heard)) {
    const auto address = datagram_address(endpoint);
    if (endpoint.starts_with(kUnix)) {
        path_ = endpoint.substr(kUnix.size());
        ::unlink(path_.c_str());
    }
    using Protocol = asio::generic::datagram_protocol;
    try {
        const Protocol::endpoint local(address.data(), address.size());
        socket_.open(Protocol(local.protocol().family(), 0));
        socket_.bind(local);
        socket_.non_blocking(true);
    } catch (const asio::system_error& error) {
        throw std::runtime_error("doorbell.listen " + endpoint + ": " + error.code().message());
    }
    if (!path_.empty()) ::chmod(path_.c_str(), kSocketMode);
    receive();
}

DoorbellListener::~DoorbellListener() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

void DoorbellListener::receive() {
    socket_.async_wait(asio::socket_base::wait_read, [this](const asio::error_code& error) {
        if (error) return;
        drain();
        heard_();
        receive();
    });
}

// However often it rang meanwhile, one look is enough.
void DoorbellListener::drain() {
    std::array<char, 16> ignored{};
    asio::error_code error;
    while (!error) socket_.receive(asio::buffer(ignored), 0, error);
}

}  // namespace livechat
