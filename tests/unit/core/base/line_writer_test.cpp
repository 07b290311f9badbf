#include "base/line_writer.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

namespace livechat::log {
namespace {

// A pipe or a socket pair: what is written at one end is read at the other.
class Channel {
  public:
    explicit Channel(bool socket) {
        if (socket) {
            BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) == 0);
        } else {
            BOOST_REQUIRE(::pipe(ends_.data()) == 0);
        }
        ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    }
    ~Channel() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    int writing_end() const { return ends_[1]; }
    std::string read_all() const {
        std::string all;
        std::array<char, 65536> part;
        for (ssize_t got = 0; (got = ::read(ends_[0], part.data(), part.size())) > 0;) {
            all.append(part.data(), static_cast<std::size_t>(got));
        }
        return all;
    }

  private:
    std::array<int, 2> ends_{};
};

const std::vector<bool> kKinds{false, true};

BOOST_AUTO_TEST_SUITE(line_writer)

BOOST_DATA_TEST_CASE(lines_arrive_as_they_were_written, kKinds, socket) {
    const Channel channel(socket);
    LineWriter writer(channel.writing_end());
    BOOST_TEST(writer.write("one\n"));
    BOOST_TEST(writer.write("two\n"));
    BOOST_TEST(channel.read_all() == "one\ntwo\n");
}

// Would hang if anything waited for the reader.
BOOST_DATA_TEST_CASE(a_reader_that_reads_nothing_holds_nobody_up, kKinds, socket) {
    const Channel channel(socket);
    LineWriter writer(channel.writing_end());
    std::string taken;
    int dropped = 0;
    for (int i = 0; i < 20000; ++i) {
        const std::string line = std::to_string(i) + std::string(90, 'x') + '\n';
        if (writer.write(line)) {
            taken += line;
        } else {
            ++dropped;
        }
    }
    BOOST_TEST(dropped > 0);
    std::string read = channel.read_all();
    BOOST_TEST(writer.write("again\n"));
    read += channel.read_all();
    BOOST_TEST((read == taken + "again\n"));
}

BOOST_DATA_TEST_CASE(a_line_that_is_longer_than_the_pipe_is_finished_later, kKinds, socket) {
    const Channel channel(socket);
    LineWriter writer(channel.writing_end());
    const std::string line = std::string(1000000, 'x') + '\n';
    BOOST_TEST(writer.write(line));
    BOOST_TEST(!writer.write("too early\n"));
    std::string read;
    for (int i = 0; i < 1000 && !read.ends_with("last\n"); ++i) {
        read += channel.read_all();
        if (read.size() >= line.size())
            writer.write("last\n");
        else
            writer.write("too early\n");
    }
    BOOST_TEST(read.starts_with(line));
    BOOST_TEST(read.ends_with("last\n"));
}

BOOST_AUTO_TEST_CASE(the_descriptor_keeps_its_own_flags) {
    const Channel channel(false);
    const LineWriter writer(channel.writing_end());
    BOOST_TEST((::fcntl(channel.writing_end(), F_GETFL) & O_NONBLOCK) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::log
