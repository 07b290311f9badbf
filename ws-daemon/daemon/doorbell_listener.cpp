#include "daemon/doorbell_listener.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "base/doorbell.hpp"

namespace livechat {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr mode_t kSocketMode = 0660;
constexpr std::size_t kMaxDatagram = 8192;
constexpr int kDatagramsInARow = 256;

}  // namespace

DoorbellListener::DoorbellListener(asio::io_context& io, const std::string& endpoint, Ears ears)
    : socket_(io), ears_(std::move(ears)) {
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
        if (drain()) ears_.rung();
        receive();
    });
}

bool DoorbellListener::drain() {
    bool rung = false;
    std::array<char, kMaxDatagram> datagram;
    // Bounded, so that a flood leaves the loop its time.
    for (int i = 0; i < kDatagramsInARow; ++i) {
        asio::error_code error;
        const auto size = socket_.receive(asio::buffer(datagram), 0, error);
        if (error) break;
        if (size == 0) {
            rung = true;
        } else {
            ears_.told({datagram.data(), size});
        }
    }
    return rung;
}

}  // namespace livechat
