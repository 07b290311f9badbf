#include "fcgi_io/request_loop.hpp"

#include <fcgiapp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

#include "http/url.hpp"

namespace livechat::fcgi_io {
namespace {

using Clock = std::chrono::steady_clock;

// Who has just connected while the socket was withdrawn is in the backlog within this time.
constexpr std::chrono::milliseconds kQuiet{50};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// Waits until a client connects. EPOLLEXCLUSIVE wakes one worker for one connection, not all.
class Doorman {
  public:
    Doorman(int listen_fd, int wake_fd) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_ < 0) fail("epoll_create1");
        add(listen_fd, EPOLLIN | EPOLLEXCLUSIVE);
        add(wake_fd, EPOLLIN);
    }
    ~Doorman() { close(epoll_); }
    Doorman(const Doorman&) = delete;
    Doorman& operator=(const Doorman&) = delete;

    void wait() {
        epoll_event event{};
        if (epoll_wait(epoll_, &event, 1, -1) < 0 && errno != EINTR) fail("epoll_wait");
    }

  private:
    void add(int fd, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
    }

    int epoll_;
};

class Body : public http::BodySource {
  public:
    explicit Body(FCGX_Stream* stream) : stream_(stream) {}

    std::size_t read(char* to, std::size_t size) override {
        const int given =
            FCGX_GetStr(to, static_cast<int>(std::min<std::size_t>(size, INT_MAX)), stream_);
        return given > 0 ? static_cast<std::size_t>(given) : 0;
    }

    // Looks at one more byte, if there is one.
    bool at_end() { return FCGX_GetChar(stream_) < 0; }

  private:
    FCGX_Stream* stream_;
};

// Parameters that are handed on as they are.
using Member = std::string_view http::Request::*;
constexpr std::array<std::pair<std::string_view, Member>, 10> kParameters{{
    {"CONTENT_TYPE", &http::Request::content_type},
    {"CONTENT_LENGTH", &http::Request::content_length},
    {"REMOTE_ADDR", &http::Request::remote_address},
    {"HTTP_HOST", &http::Request::host},
    {"HTTP_ORIGIN", &http::Request::origin},
    {"HTTP_REFERER", &http::Request::referer},
    {"HTTP_SEC_FETCH_SITE", &http::Request::fetch_site},
    {"HTTP_COOKIE", &http::Request::cookie},
    {"HTTP_AUTHORIZATION", &http::Request::authorization},
    {"HTTP_ACCESS_CONTROL_REQUEST_METHOD", &http::Request::preflight_method},
}};

void set_parameter(http::Request& request, std::string_view name, std::string_view value) {
    if (name == "REQUEST_METHOD") {
        request.method = http::parse_method(value);
    } else if (name == "REQUEST_URI") {
        std::tie(request.path, request.query) = http::split_target(value);
    } else if (name == "REQUEST_ID") {
        request.request_id = value;
    } else if (name == "HTTPS") {
        request.secure = !value.empty() && value != "off";
    } else {
        const auto known =
            std::ranges::find(kParameters, name, &std::pair<std::string_view, Member>::first);
        if (known != kParameters.end()) request.*known->second = value;
    }
}

http::Request read_request(const FCGX_Request& fcgi, Body& body) {
    http::Request request;
    for (char** parameter = fcgi.envp; parameter && *parameter; ++parameter) {
        const std::string_view pair(*parameter);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        set_parameter(request, pair.substr(0, equals), pair.substr(equals + 1));
    }
    request.request_id = http::choose_request_id(request.request_id);
    request.body = &body;
    return request;
}

void put(FCGX_Stream* stream, std::string_view bytes) {
    FCGX_PutStr(bytes.data(), static_cast<int>(bytes.size()), stream);
}

class Loop {
  public:
    Loop(const LoopOptions& options, const RequestHandler& handler)
        : options_(options), handler_(handler), doorman_(options.listen_fd, options.wake_fd) {
        if (FCGX_Init() != 0 || FCGX_InitRequest(&fcgi_, options.listen_fd, 0) != 0) {
            throw std::system_error(ENOMEM, std::generic_category(), "libfcgi");
        }
    }
    ~Loop() { FCGX_Free(&fcgi_, 1); }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Always accepts before it looks whether to stop: EPOLLEXCLUSIVE may have woken only this
    // worker for a connection, and that one must not stay behind.
    void run() {
        for (;;) {
            const bool served = serve_one();
            const Stop stop = options_.stop();
            if (stop == Stop::retire) return;
            if (stop == Stop::drain) return drain();
            if (served_ == options_.max_requests && served) return;
            if (!served) doorman_.wait();
        }
    }

  private:
    void drain() {
        const auto end = Clock::now() + options_.drain_limit;
        pollfd listening{.fd = options_.listen_fd, .events = POLLIN, .revents = 0};
        while (Clock::now() < end) {
            if (serve_one()) continue;
            if (poll(&listening, 1, static_cast<int>(kQuiet.count())) == 0) return;
        }
    }

    // False when no client waits, or when another worker was quicker.
    bool serve_one() {
        const int accepted = FCGX_Accept_r(&fcgi_);
        if (accepted == -EAGAIN || accepted == -EINTR) return false;
        if (accepted < 0) {
            throw std::system_error(-accepted, std::generic_category(), "FCGX_Accept_r");
        }
        ++served_;
        {
            Body body(fcgi_.in);
            const auto request = read_request(fcgi_, body);
            write(handler_(request), request.request_id);
            // libfcgi says that it is done and waits until the web server has closed, because
            // unread input would turn into a reset that takes the answer away. Where all of it was
            // read there is nothing to wait for, and a waiting worker serves no one.
            if (body.at_end()) FCGX_Detach(&fcgi_);
        }
        FCGX_Finish_r(&fcgi_);
        FCGX_Free(&fcgi_, 1);
        options_.answered();
        return true;
    }

    void write(const http::Response& response, std::string_view request_id) {
        head_.clear();
        http::append_head(head_, response, request_id);
        put(fcgi_.out, head_);
        if (!response.head_only) put(fcgi_.out, response.body);
    }

    const LoopOptions& options_;
    const RequestHandler& handler_;
    Doorman doorman_;
    FCGX_Request fcgi_{};
    std::string head_;
    std::size_t served_ = 0;
};

}  // namespace

void run_requests(const LoopOptions& options, const RequestHandler& handler) {
    Loop(options, handler).run();
}

}  // namespace livechat::fcgi_io
