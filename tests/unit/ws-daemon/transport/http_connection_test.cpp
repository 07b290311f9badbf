// What a connection waits for, and until when: read off the loop's deadlines, without waiting.
#include "transport/http_connection.hpp"

#include <sys/socket.h>

#include <asio/local/stream_protocol.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

namespace livechat::transport {
namespace {

using std::chrono::milliseconds;

// Keeps what it is asked, and answers when it is told to.
struct Service final : HttpService {
    void on_head(Exchange&, const HttpRequest&) override {}
    void on_request(const std::shared_ptr<Exchange>& exchange) override {
        asked.push_back(exchange);
    }
    void on_upgrade(Exchange&, Stream&, std::string) override {}

    std::vector<std::shared_ptr<Exchange>> asked;
};

// One connection; the peer is the other end of a socket pair.
struct Fixture {
    Fixture() {
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
        peer = ends[1];
        Stream::Socket socket(io);
        socket.assign(asio::generic::stream_protocol(AF_UNIX, 0), ends[0]);
        stream = std::make_shared<Stream>(loop, std::move(socket), 1024 * 1024);
        stream->start(std::make_unique<HttpConnection>(*stream, service, settings, ""));
    }
    ~Fixture() {
        stream->abort();
        io.poll();
        ::close(peer);
    }

    void write(const std::string& bytes) {
        BOOST_REQUIRE(::send(peer, bytes.data(), bytes.size(), 0) ==
                      static_cast<ssize_t>(bytes.size()));
        io.poll();
    }
    void answer() {
        service.asked.front()->answer({200, "text/plain", "x", {}});
        service.asked.erase(service.asked.begin());
        io.poll();
    }
    bool waits_for_ever() const { return loop->deadlines().next() == Time::max(); }
    // Whether the deadline is so long from now, as exactly as a busy machine allows.
    bool waits(milliseconds time) const {
        const auto left = loop->deadlines().next() - Loop::now();
        return left <= time && left > time - milliseconds(5000);
    }

    asio::io_context io;
    std::shared_ptr<Loop> loop = std::make_shared<Loop>(io);
    Settings settings;
    Service service;
    std::shared_ptr<Stream> stream;
    int peer = -1;
};

const std::string kRequest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

BOOST_FIXTURE_TEST_SUITE(http_connection, Fixture)

BOOST_AUTO_TEST_CASE(a_request_that_waits_for_its_answer_has_no_deadline_whenever_it_came) {
    BOOST_TEST(waits(settings.http_request_timeout));
    write(kRequest);  // the first of its connection, in one piece
    BOOST_TEST(service.asked.size() == 1U);
    BOOST_TEST(waits_for_ever());
    answer();
    BOOST_TEST(waits(settings.http_idle_timeout));
    write(kRequest);  // behind one that was answered
    BOOST_TEST(waits_for_ever());
    answer();
    write(kRequest.substr(0, 10));  // in two pieces
    BOOST_TEST(waits(settings.http_request_timeout));
    write(kRequest.substr(10));
    BOOST_TEST(waits_for_ever());
    write(kRequest);  // with another behind it
    BOOST_TEST(service.asked.size() == 2U);
    BOOST_TEST(waits_for_ever());
    answer();
    BOOST_TEST(waits_for_ever());
    answer();
    BOOST_TEST(waits(settings.http_idle_timeout));
}

BOOST_AUTO_TEST_CASE(a_request_in_pieces_has_its_time_from_its_first_byte) {
    write(kRequest + "G");
    const Time until = loop->deadlines().next();
    BOOST_TEST(waits(settings.http_request_timeout));
    write("E");
    BOOST_TEST((loop->deadlines().next() == until));
    // The next one's time is its own.
    write(kRequest.substr(2) + "G");
    BOOST_TEST((loop->deadlines().next() > until));
}

BOOST_AUTO_TEST_CASE(a_bad_request_behind_one_that_waits_leaves_that_one_alone) {
    write(kRequest + "nonsense\r\n\r\n");
    BOOST_TEST(waits_for_ever());
    answer();
    BOOST_TEST((loop->deadlines().next() - Loop::now() < settings.http_request_timeout));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::transport
