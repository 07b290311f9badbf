#include "base/program.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace livechat {
namespace {

// Takes what is written to a stream while it lives.
class Captured {
  public:
    explicit Captured(std::ostream& stream) : stream_(stream), former_(stream.rdbuf()) {
        stream.rdbuf(text_.rdbuf());
    }
    ~Captured() { stream_.rdbuf(former_); }
    std::string text() const { return text_.str(); }

  private:
    std::ostream& stream_;
    std::streambuf* former_;
    std::ostringstream text_;
};

struct Outcome {
    CommandLine line;
    std::string out;
    std::string err;
};

Outcome run(std::vector<std::string> words) {
    words.insert(words.begin(), "livechat-x");
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    const Captured out(std::cout);
    const Captured err(std::cerr);
    auto line = read_command_line(static_cast<int>(argv.size()), argv.data(), "livechat-x",
                                  "Does things", {{"--workers", "fcgi.workers", "How many"}});
    return {std::move(line), out.text(), err.text()};
}

struct File {
    explicit File(const std::string& text)
        : path(std::filesystem::temp_directory_path() / (random_id(9) + ".toml")) {
        std::ofstream(path) << text;
    }
    ~File() { std::filesystem::remove(path); }
    std::string name() const { return path.string(); }

    std::filesystem::path path;
};

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(the_configuration_is_read_with_its_overrides) {
    const File file("[fcgi]\nworkers = 2\nmax_requests = 3\n");
    const auto outcome = run({"--config", file.name(), "--set", "log.level=error", "--set",
                              "fcgi.listen=unix:/x", "--workers", "7"});
    BOOST_TEST_REQUIRE(outcome.line.config.has_value());
    BOOST_TEST(outcome.line.exit_code == 0);
    BOOST_TEST(outcome.line.config->fcgi.workers == 7u);
    BOOST_TEST(outcome.line.config->fcgi.max_requests == 3u);
    BOOST_TEST(outcome.line.config->fcgi.listen == "unix:/x");
}

BOOST_AUTO_TEST_CASE(check_config_says_that_it_is_good_and_ends) {
    const File file("[fcgi]\nworkers = 2\n");
    const auto outcome = run({"--check-config", "-c", file.name()});
    BOOST_TEST(!outcome.line.config);
    BOOST_TEST(outcome.line.exit_code == 0);
    BOOST_TEST(outcome.out == file.name() + ": the configuration is good\n");
}

BOOST_AUTO_TEST_CASE(a_bad_configuration_ends_with_one_sentence) {
    const File file("[fcgi]\nwokers = 2\n");
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"-c", file.name()}, {"--check-config", "-c", file.name()}}) {
        const auto outcome = run(words);
        BOOST_TEST(!outcome.line.config);
        BOOST_TEST(outcome.line.exit_code == 2);
        BOOST_TEST(outcome.out.empty());
        BOOST_TEST(outcome.err == "livechat-x: " + file.name() +
                                      ":2: unknown key fcgi.wokers: put it right (livechat.toml(5) "
                                      "explains every key)\n");
    }
}

BOOST_AUTO_TEST_CASE(help_and_version_end_well) {
    const auto help = run({"--help"});
    BOOST_TEST(!help.line.config);
    BOOST_TEST(help.line.exit_code == 0);
    BOOST_TEST(help.out.find("--check-config") != std::string::npos);
    BOOST_TEST(help.out.find("How many (fcgi.workers)") != std::string::npos);
    const auto version = run({"--version"});
    BOOST_TEST(!version.line.config);
    BOOST_TEST(version.line.exit_code == 0);
    BOOST_TEST(version.out.starts_with("livechat-x "));
}

const std::vector<std::vector<std::string>> kBadLines{
    {"--no-such-option"}, {"stray"}, {"--config"}, {"--set"}, {"--workers"}};

BOOST_DATA_TEST_CASE(a_bad_command_line_is_refused,
                     boost::unit_test::data::xrange(kBadLines.size()),
                     index) {
    const auto outcome = run(kBadLines[index]);
    BOOST_TEST(!outcome.line.config);
    BOOST_TEST(outcome.line.exit_code == 2);
    BOOST_TEST(!outcome.err.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
