#include "daemon/doorbell_listener.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/doorbell.hpp"
#include "base/log.hpp"
#include "base/sealed_datagram.hpp"

namespace livechat {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr mode_t kSocketMode = 0660;
constexpr std::size_t kMaxDatagram = 8192 + kSealBytes;
constexpr int kDatagramsInARow = 256;

}  // namespace

DoorbellListener::DoorbellListener(asio::io_context& io,
                                   const std::string& endpoint,
                                   const std::string& secret,
                                   Ears ears)
    : socket_(io), secret_(secret), ears_(std::move(ears)) {
    if (!endpoint.starts_with(kUnix) && secret.empty()) {
        throw std::runtime_error("doorbell.listen " + endpoint +
                                 " needs database.password: datagrams that cross a network are"
                                 " sealed with it; use unix:/path otherwise");
    }
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
        const auto said = believe({datagram.data(), size});
        if (!said) continue;
        if (said->empty()) {
            rung = true;
        } else {
            ears_.told(*said);
        }
    }
    return rung;
}

std::optional<std::string_view> DoorbellListener::believe(std::string_view datagram) {
    if (!path_.empty()) return datagram;  // the folder's rights say who may write to it
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto said = open_datagram(secret_, datagram, now);
    if (!said && !std::exchange(refused_, true)) {
        log::warning("datagram_refused",
                     {{"reason",
                       "it is not sealed with our database.password, or its sender's"
                       " clock is more than a minute off"}});
    }
    return said;
}

}  // namespace livechat
