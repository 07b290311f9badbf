#include "status/page_server.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "http/response.hpp"

namespace livechat::status {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{2};
constexpr std::size_t kMaxHead = 8192;

Page refusal(int status) {
    return {.status = status, .body = std::string(http::reason_phrase(status)) + "\n"};
}

class Peer {
  public:
    explicit Peer(int fd) : fd_(fd), deadline_(Clock::now() + kPatience) {}
    ~Peer() { close(fd_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    // Up to the empty line; what it did not say in time or is too much is cut off.
    std::string read_head() {
        std::string head;
        std::array<char, 1024> part;
        while (head.size() < kMaxHead && head.find("\r\n\r\n") == std::string::npos) {
            if (!wait(POLLIN)) break;
            const auto size = recv(fd_, part.data(), part.size(), 0);
            if (size <= 0) break;
            head.append(part.data(), static_cast<std::size_t>(size));
        }
        return head;
    }

    void write(std::string_view bytes) {
        while (!bytes.empty() && wait(POLLOUT)) {
            const auto size = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
    }

  private:
    bool wait(short events) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
        pollfd waiting{.fd = fd_, .events = events, .revents = 0};
        return left.count() > 0 && poll(&waiting, 1, static_cast<int>(left.count())) == 1;
    }

    int fd_;
    Clock::time_point deadline_;
};

}  // namespace

std::string answer_to(std::string_view head, const Pages& pages) {
    const auto line = head.substr(0, head.find("\r\n"));
    const auto space = line.find(' ');
    const auto method = line.substr(0, space);
    std::string_view target = space == std::string_view::npos ? "" : line.substr(space + 1);
    const auto target_end = target.find(' ');
    const bool whole = head.find("\r\n\r\n") != std::string_view::npos;

    Page page;
    if (!whole || target_end == std::string_view::npos) {
        page = refusal(400);
    } else if (method != "GET" && method != "HEAD") {
        page = refusal(405);
    } else {
        target = target.substr(0, target_end);
        auto found = pages(target.substr(0, target.find('?')));
        page = found ? *std::move(found) : refusal(404);
    }

    std::string answer = "HTTP/1.0 " + std::to_string(page.status) + " ";
    answer.append(http::reason_phrase(page.status)).append("\r\nContent-Type: ");
    answer.append(page.content_type).append("\r\nContent-Length: ");
    answer.append(std::to_string(page.body.size())).append("\r\nCache-Control: no-store\r\n");
    if (page.status == 405) answer.append("Allow: GET, HEAD\r\n");
    answer.append("Connection: close\r\n\r\n");
    if (method != "HEAD") answer += page.body;
    return answer;
}

void serve_pages(int listen_fd, int wake_fd, const Pages& pages) {
    for (;;) {
        std::array<pollfd, 2> waiting{pollfd{listen_fd, POLLIN, 0}, pollfd{wake_fd, POLLIN, 0}};
        if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        if (waiting[1].revents != 0) return;
        if (waiting[0].revents == 0) continue;
        const int fd = accept4(listen_fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) continue;
            throw std::system_error(errno, std::generic_category(), "accept");
        }
        Peer peer(fd);
        peer.write(answer_to(peer.read_head(), pages));
    }
}

}  // namespace livechat::status
