#include "base/config.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace livechat {
namespace {

using Overrides = std::vector<std::string>;

std::string refusal(const std::string& text, const Overrides& overrides = {}) {
    try {
        parse_config(text, "f.toml", overrides);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

std::string file_refusal(const std::filesystem::path& file) {
    try {
        load_config(file, {});
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

// A folder of its own, removed at the end, with the variable for the password out of the way.
struct Folder {
    Folder() : path(std::filesystem::temp_directory_path() / ("livechat " + random_id(9))) {
        std::filesystem::create_directory(path);
        unsetenv("LIVECHAT_DATABASE_PASSWORD");
        unsetenv("LIVECHAT_SITE_SECRET");
        unsetenv("CREDENTIALS_DIRECTORY");
    }
    ~Folder() {
        unsetenv("LIVECHAT_DATABASE_PASSWORD");
        unsetenv("LIVECHAT_SITE_SECRET");
        unsetenv("CREDENTIALS_DIRECTORY");
        std::filesystem::remove_all(path);
    }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
        return path / name;
    }

    std::filesystem::path path;
};

BOOST_AUTO_TEST_SUITE(config)

BOOST_AUTO_TEST_CASE(an_empty_file_means_the_defaults_of_the_contract) {
    const auto config = parse_config("", "f.toml", {});
    BOOST_TEST(config.auth.mode == "token");
    BOOST_TEST(config.limits.client_id_chars == 128u);
    BOOST_TEST(config.limits.message_bytes == 65536u);
    BOOST_TEST(config.limits.message_id_chars == 64u);
    BOOST_TEST(config.limits.body_bytes == 1000000u);
    BOOST_TEST(config.limits.history_default == 50u);
    BOOST_TEST(config.limits.history_limit == 200u);
    BOOST_TEST(config.limits.initial_messages == 50u);
    BOOST_TEST(config.limits.sessions_limit == 1000u);
    BOOST_TEST(config.limits.rooms_per_client == 16u);
    BOOST_TEST(config.limits.rooms_per_agent == 1000u);
    BOOST_TEST(config.wsd.ping_interval.count() == 25000);
    BOOST_TEST(config.wsd.ping_timeout.count() == 20000);
    BOOST_TEST(config.wsd.max_payload == 1000000u);
    BOOST_TEST(config.wsd.max_write_buffer == 1048576u);
}

BOOST_AUTO_TEST_CASE(comments_and_empty_sections_change_nothing) {
    BOOST_TEST(parse_config("# nothing\n[limits]\n[feed] # here\n", "f", {}).limits.history_limit ==
               200u);
}

// An edited file of 0.1.0 has it.
BOOST_AUTO_TEST_CASE(a_key_of_an_older_version_does_nothing_and_is_named) {
    const std::vector<std::string> named{"wsd.writer_threads"};
    BOOST_TEST(parse_config("[wsd]\nwriter_threads = 1\n", "f", {}).former_keys == named);
    BOOST_TEST(parse_config("[wsd]\nwriter_threads = 'two'\n", "f", {}).former_keys == named);
    BOOST_TEST(parse_config("", "f", {"wsd.writer_threads=2"}).former_keys == named);
    BOOST_TEST(parse_config("[wsd]\nname = 'a'\n", "f", {}).former_keys.empty());
}

// Files of 0.2 name every key with its default.
BOOST_AUTO_TEST_CASE(the_wire_limits_of_older_files_stand_for_those_of_today) {
    const auto config =
        parse_config("[wsd]\nmax_payload = 131072\n[limits]\nbody_bytes = 131072\n", "f", {});
    BOOST_TEST(config.wsd.max_payload == 1000000u);
    BOOST_TEST(config.limits.body_bytes == 1000000u);
    const std::vector<std::string> named{"limits.body_bytes = 131072", "wsd.max_payload = 131072"};
    BOOST_TEST(config.former_keys == named);
}

BOOST_AUTO_TEST_CASE(every_valid_message_fits_through_the_default_limits) {
    const auto config = parse_config("", "f", {});
    BOOST_TEST(config.limits.body_bytes >= wire_bytes(config.limits));
    BOOST_TEST(config.wsd.max_payload >= wire_bytes(config.limits));
    BOOST_TEST(config.wsd.max_write_buffer >= wire_bytes(config.limits));
    BOOST_TEST(wire_bytes(config.limits) > 6 * config.limits.message_bytes);
}

// A file and the sentence that refuses it.
struct Refused {
    std::string text;
    std::string sentence;
};
std::ostream& operator<<(std::ostream& out, const Refused& refused) {
    return out << refused.sentence;
}

const std::vector<Refused> kUnknown{
    {"[fcgi]\nwokers = 4\n", "f.toml:2: unknown key fcgi.wokers"},
    {"[limits]\nhistory_limit = 100\n\nhistory = 1\n", "f.toml:4: unknown key limits.history"},
    {"[log]\nLevel = 'info'\n", "f.toml:2: unknown key log.Level"},
    {"[wsd]\n[wsd.tls]\ncert = 'x'\n", "f.toml:2: unknown key wsd.tls"},
    {"\n[fastcgi]\nworkers = 4\n", "f.toml:2: unknown section [fastcgi]"},
    {"[FCGI]\n", "f.toml:1: unknown section [FCGI]"},
    {"workers = 4\n[fcgi]\n", "f.toml:1: unknown key workers"},
    {"\n[[listeners]]\nport = 1\n", "f.toml:2: unknown key listeners"},
    {"fcgi = 4\n", "f.toml:1: fcgi is a section: [fcgi]"},
    {"[[fcgi]]\nworkers = 4\n", "f.toml:1: fcgi is a section: [fcgi]"},
};

BOOST_DATA_TEST_CASE(what_is_unknown_is_refused_with_its_line_and_name, kUnknown, sample) {
    BOOST_TEST(refusal(sample.text) == sample.sentence);
}

// What is no TOML, and the line that says so.
struct Broken {
    std::string text;
    std::string place;
};
std::ostream& operator<<(std::ostream& out, const Broken& broken) { return out << broken.text; }

const std::vector<Broken> kBroken{
    {"[fcgi\n", "f.toml:1: "},
    {"[fcgi]\nworkers\n", "f.toml:2: "},
    {"[fcgi]\nworkers = \n", "f.toml:2: "},
    {"[fcgi]\nworkers = four\n", "f.toml:2: "},
    {"[fcgi]\nworkers = 1\nworkers = 2\n", "f.toml:3: "},
    {"[fcgi]\n\n[fcgi]\n", "f.toml:3: "},
    {"[log]\nlevel = \"info\n", "f.toml:2: "},
    {"[database]\nport = 99999999999999999999\n", "f.toml:2: "},
    {"[log]\nlevel = \"\xff\"\n", "f.toml:2: "},
};

BOOST_DATA_TEST_CASE(what_is_no_toml_is_refused_with_its_line, kBroken, sample) {
    BOOST_TEST(refusal(sample.text).starts_with(sample.place));
}

const std::string kOpenToAll =
    "f.toml: auth.mode is open, and a listener is not on loopback: set auth.open_on_public_address"
    " too, if everybody who reaches it may do everything";
std::string bad_origin(const std::string& entry) {
    return "f.toml: auth.allowed_origins: \"" + entry +
           "\" is not an origin like \"https://www.example.org\" or \"capacitor://localhost\""
           " (no path, no *)";
}

// Values that are good one by one but not together.
const std::vector<Refused> kSenseless{
    {"[auth]\nmode = 'closed'", "f.toml: auth.mode is token or open"},
    {"[auth]\nmode = 'open'\n[fcgi]\nlisten = '0.0.0.0:9000'", kOpenToAll},
    {"[auth]\nmode = 'open'\n[wsd]\nlisten = ['127.0.0.1:1', '[::]:8081']", kOpenToAll},
    {"[auth]\nmode = 'open'\n[wsd]\nlisten = ['chat.example.org:8081']", kOpenToAll},
    {"[auth]\ncookie_secure = 'never'", "f.toml: auth.cookie_secure is auto or always"},
    {"[auth]\nallowed_origins = ['*']", bad_origin("*")},
    {"[wsd]\ntrusted_proxies = ['10.0.0.0/33']",
     "f.toml: wsd.trusted_proxies: \"10.0.0.0/33\" is neither an address nor a network like "
     "\"10.0.0.0/8\""},
    {"[auth]\nallowed_origins = ['null']", bad_origin("null")},
    {"[auth]\nallowed_origins = ['https://www.example.org/']",
     bad_origin("https://www.example.org/")},
    {"[auth]\nallowed_origins = ['www.example.org']", bad_origin("www.example.org")},
    {"[auth]\nallowed_origins = ['https://*.example.org']", bad_origin("https://*.example.org")},
    {"[database]\nname = ''", "f.toml: database.name is empty"},
    {"[database]\nsocket = ''", "f.toml: database needs a socket or a host"},
    {"[limits]\nhistory_default = 201",
     "f.toml: limits.history_default is above limits.history_limit"},
    {"[limits]\nhistory_limit = 49",
     "f.toml: limits.history_default is above limits.history_limit"},
    {"[wsd]\nname = ''", "f.toml: wsd.name is 1 to 32 letters, digits, - or _"},
    {"[wsd]\nname = 'a.b'", "f.toml: wsd.name is 1 to 32 letters, digits, - or _"},
    {"[wsd]\nname = '\u00e9'", "f.toml: wsd.name is 1 to 32 letters, digits, - or _"},
    {"[wsd]\nname = '123456789012345678901234567890123'",
     "f.toml: wsd.name is 1 to 32 letters, digits, - or _"},
    {"[wsd]\nlisten = []", "f.toml: wsd.listen names no endpoint"},
    {"[wsd]\nlisten = ['nonsense']",
     "f.toml: wsd.listen is unix:/path (107 bytes at most) or host:port, not \"nonsense\""},
    {"[fcgi]\nlisten = ''",
     "f.toml: fcgi.listen is unix:/path (107 bytes at most) or host:port, not \"\""},
    {"[fcgi]\nmetrics_listen = '9100'",
     "f.toml: fcgi.metrics_listen is unix:/path (107 bytes at most) or host:port, not \"9100\""},
    {"[doorbell]\nring = ['unix:bell']",
     "f.toml: doorbell.ring is unix:/path (107 bytes at most) or host:port, not \"unix:bell\""},
    {"[wsd]\nmax_payload = 458751",
     "f.toml: wsd.max_payload is 458751, and a message of 65536 bytes (limits.message_bytes) can "
     "have"
     " 458752 as JSON: raise the one or lower the other"},
    {"[limits]\nbody_bytes = 100000\nmessage_bytes = 10000",
     "f.toml: limits.body_bytes is 100000, and a message of 10000 bytes (limits.message_bytes) can"
     " have 125536 as JSON: raise the one or lower the other"},
    {"[wsd]\nmax_write_buffer = 100000",
     "f.toml: wsd.max_write_buffer is 100000, and a message of 65536 bytes (limits.message_bytes) "
     "can"
     " have 458752 as JSON: raise the one or lower the other"},
    {"[wsd]\nmax_incoming = 999999", "f.toml: wsd.max_incoming is below wsd.max_payload"},
    {"[auth]\nallowed_origins = ['https://a.example', 'b.example']", bad_origin("b.example")},
    {"[feed]\npoll_active_ms = 251", "f.toml: feed.poll_active_ms is above feed.poll_idle_ms"},
    {"[log]\nlevel = 'loud'", "f.toml: log.level is debug, info, warning or error"},
};

BOOST_DATA_TEST_CASE(what_makes_no_sense_together_is_refused, kSenseless, sample) {
    BOOST_TEST(refusal(sample.text) == sample.sentence);
}

const std::vector<std::string> kLocal{"unix:/run/x", "127.0.0.1:1", "localhost:1", "[::1]:1"};

BOOST_DATA_TEST_CASE(open_is_for_whoever_is_on_this_machine, kLocal, endpoint) {
    const auto text = "[auth]\nmode = 'open'\n[fcgi]\nlisten = '" + endpoint +
                      "'\n[wsd]\nlisten = '" + endpoint + "'\n";
    BOOST_TEST(parse_config(text, "f", {}).auth.mode == "open");
}

BOOST_AUTO_TEST_CASE(open_for_everybody_wants_to_be_said_twice) {
    const auto text = "[auth]\nmode = 'open'\n[fcgi]\nlisten = '0.0.0.0:9000'\n";
    const auto config = parse_config(text, "f", {"auth.open_on_public_address=true"});
    BOOST_TEST(config.auth.mode == "open");
}

BOOST_AUTO_TEST_CASE(origins_are_taken_as_browsers_write_them) {
    const auto config = parse_config(
        "[auth]\nallowed_origins = ['https://www.example.org', 'http://localhost:5173']\n", "f",
        {});
    BOOST_TEST(config.auth.allowed_origins.size() == 2u);
}

BOOST_AUTO_TEST_CASE(without_a_socket_a_host_is_enough) {
    const auto config = parse_config("[database]\nsocket = ''\nhost = 'db'\n", "f", {});
    BOOST_TEST(config.database.host == "db");
}

BOOST_AUTO_TEST_CASE(an_override_goes_before_the_file_and_a_later_one_before_an_earlier) {
    const std::string text = "[fcgi]\nworkers = 2\nmax_requests = 7\n";
    const auto config = parse_config(text, "f", {"fcgi.workers=3", "fcgi.workers=5"});
    BOOST_TEST(config.fcgi.workers == 5u);
    BOOST_TEST(config.fcgi.max_requests == 7u);
}

BOOST_AUTO_TEST_CASE(an_override_adds_a_section_that_the_file_does_not_have) {
    const auto config = parse_config("[fcgi]\nworkers = 2\n", "f", {"log.level=error"});
    BOOST_TEST(config.log.level == "error");
    BOOST_TEST(config.fcgi.workers == 2u);
}

BOOST_AUTO_TEST_CASE(an_override_may_repair_what_the_file_has_wrong_together) {
    const std::string text = "[limits]\nhistory_limit = 10\n";
    BOOST_TEST(parse_config(text, "f", {"limits.history_default=5"}).limits.history_default == 5u);
}

BOOST_AUTO_TEST_CASE(the_value_of_an_override_may_be_empty_and_hold_dots_and_equals_signs) {
    const auto config =
        parse_config("", "f", {"database.password=", "database.user=a=b.c", "fcgi.listen=h.x:1"});
    BOOST_TEST(config.database.password.empty());
    BOOST_TEST(config.database.user == "a=b.c");
    BOOST_TEST(config.fcgi.listen == "h.x:1");
}

// An override and the sentence that refuses it.
const std::vector<Refused> kRefusedOverrides{
    {"", "--set : write section.key=value"},
    {"fcgi", "--set fcgi: write section.key=value"},
    {"fcgi.workers", "--set fcgi.workers: write section.key=value"},
    {"workers=4", "--set workers=4: write section.key=value"},
    {"workers=4.5", "--set workers=4.5: write section.key=value"},
    {".workers=4", "--set .workers=4: write section.key=value"},
    {"fcgi.=4", "--set fcgi.=4: write section.key=value"},
    {"fcgi.wokers=4", "--set fcgi.wokers: unknown key fcgi.wokers"},
    {"fastcgi.workers=4", "--set fastcgi.workers: unknown section [fastcgi]"},
    {"fcgi.workers=four", "--set fcgi.workers: fcgi.workers is a whole number from 1 to 1024"},
    {"fcgi.workers=", "--set fcgi.workers: fcgi.workers is a whole number from 1 to 1024"},
    {"wsd.trust_proxy=yes", "--set wsd.trust_proxy: wsd.trust_proxy is true or false"},
    {"database.user=4711", "--set database.user: database.user is a string"},
    {"database.password=4711",
     "--set database.password: the command line is no place for a secret, which ps shows"},
    {"auth.site_secret='0123456789abcdef'",
     "--set auth.site_secret: the command line is no place for a secret, which ps shows"},
    {"wsd.tls.cert=x", "--set wsd.tls.cert: unknown key wsd.tls.cert"},
};

BOOST_DATA_TEST_CASE(a_bad_override_is_refused_by_its_own_words, kRefusedOverrides, sample) {
    BOOST_TEST(refusal("[fcgi]\nworkers = 1\n", {sample.text}) == sample.sentence);
}

BOOST_AUTO_TEST_CASE(an_override_does_not_hide_what_is_wrong_with_the_files_section) {
    BOOST_TEST(refusal("fcgi = 1\n", {"fcgi.workers=4"}) ==
               "--set fcgi.workers=4: fcgi is not a section");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
    const Folder folder;
    const auto file = folder.path / "none.toml";
    BOOST_TEST(file_refusal(file) ==
               file.string() + ": cannot read the configuration file (No such file or directory)");
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_configuration_file) {
    const Folder folder;
    BOOST_TEST(file_refusal(folder.path) ==
               folder.path.string() + ": cannot read the configuration file (Is a directory)");
}

BOOST_AUTO_TEST_CASE(the_file_is_read_and_errors_name_it) {
    const Folder folder;
    const auto good = folder.write("good.toml", "[fcgi]\nworkers = 9\n");
    BOOST_TEST(load_config(good, {"fcgi.max_requests=3"}).fcgi.workers == 9u);
    BOOST_TEST(load_config(good, {"fcgi.max_requests=3"}).fcgi.max_requests == 3u);
    const auto bad = folder.write("bad.toml", "[fcgi]\nwokers = 9\n");
    BOOST_TEST(file_refusal(bad) == bad.string() + ":2: unknown key fcgi.wokers");
}

BOOST_AUTO_TEST_CASE(the_password_comes_from_a_file_without_its_line_end) {
    const Folder folder;
    const auto secret = folder.write("secret", " p w \r\n\n");
    const auto file =
        folder.write("f.toml", "[database]\npassword_file = '" + secret.string() + "'\n");
    BOOST_TEST(load_config(file, {}).database.password == " p w ");
}

BOOST_AUTO_TEST_CASE(a_password_file_that_is_not_there_is_named) {
    const Folder folder;
    const auto file = folder.write("f.toml", "[database]\npassword_file = '/nowhere/at/all'\n");
    BOOST_TEST(file_refusal(file) ==
               "/nowhere/at/all: cannot read database.password_file (No such file or directory)");
}

BOOST_AUTO_TEST_CASE(a_password_and_a_password_file_exclude_each_other) {
    const Folder folder;
    const auto file =
        folder.write("f.toml", "[database]\npassword = 'a'\npassword_file = '/nowhere'\n");
    BOOST_TEST(file_refusal(file) ==
               "database.password and database.password_file are both set: keep one");
}

BOOST_AUTO_TEST_CASE(the_environment_goes_before_the_password_of_the_file) {
    const Folder folder;
    const auto file = folder.write("f.toml", "[database]\npassword = 'a'\n");
    setenv("LIVECHAT_DATABASE_PASSWORD", "b", 1);
    BOOST_TEST(load_config(file, {}).database.password == "b");
}

BOOST_AUTO_TEST_CASE(the_sites_secret_comes_from_a_file_or_the_environment) {
    const Folder folder;
    const auto secret = folder.write("secret", "0123456789abcdef\n");
    const auto file =
        folder.write("f.toml", "[auth]\nsite_secret_file = '" + secret.string() + "'\n");
    BOOST_TEST(load_config(file, {}).auth.site_secret == "0123456789abcdef");
    setenv("LIVECHAT_SITE_SECRET", "fedcba9876543210", 1);
    BOOST_TEST(load_config(file, {}).auth.site_secret == "fedcba9876543210");
}

BOOST_AUTO_TEST_CASE(a_secret_that_can_be_guessed_is_refused_without_being_shown) {
    const Folder folder;
    const auto file = folder.write("f.toml", "[auth]\nsite_secret = 'hunter2'\n");
    BOOST_TEST(file_refusal(file) ==
               "auth.site_secret has at least 16 bytes: longer than anybody can guess");
}

BOOST_AUTO_TEST_CASE(to_require_signatures_needs_a_secret) {
    const Folder folder;
    const auto file = folder.write("f.toml", "[auth]\nrequire_signature = true\n");
    BOOST_TEST(file_refusal(file) ==
               "auth.require_signature needs a site secret (auth.site_secret_file)");
}

BOOST_AUTO_TEST_CASE(a_credential_goes_before_a_password_file_that_only_others_can_read) {
    const Folder folder;
    const auto file = folder.write(
        "livechat.toml", "[database]\npassword_file = \"" + folder.path.string() + "/gone\"\n");
    folder.write("database.password", "from the credential\n");
    setenv("CREDENTIALS_DIRECTORY", folder.path.c_str(), 1);
    BOOST_TEST(load_config(file, {}).database.password == "from the credential");
    setenv("LIVECHAT_DATABASE_PASSWORD", "from the environment", 1);
    BOOST_TEST(load_config(file, {}).database.password == "from the environment");
}

BOOST_AUTO_TEST_CASE(an_empty_credential_is_none) {
    const Folder folder;
    const auto file = folder.write("livechat.toml", "[database]\npassword = \"x\"\n");
    folder.write("database.password", "");
    setenv("CREDENTIALS_DIRECTORY", folder.path.c_str(), 1);
    BOOST_TEST(load_config(file, {}).database.password == "x");
}

BOOST_AUTO_TEST_CASE(the_parts_beside_the_file_go_before_it_by_name_and_key_by_key) {
    const Folder folder;
    const auto file = folder.write(
        "livechat.toml", "[fcgi]\nworkers = 2\nmax_requests = 3\n[log]\nlevel = \"error\"\n");
    std::filesystem::create_directory(folder.path / "conf.d");
    folder.write("conf.d/20-b.toml", "[fcgi]\nworkers = 6\n[database]\nuser = \"b\"\n");
    folder.write("conf.d/10-a.toml", "[fcgi]\nworkers = 5\n[database]\nname = \"a\"\n");
    folder.write("conf.d/30-c.toml.off", "[no\n");
    const auto config = load_config(file, {"log.level=debug"});
    BOOST_TEST(config.fcgi.workers == 6u);
    BOOST_TEST(config.fcgi.max_requests == 3u);
    BOOST_TEST(config.database.name == "a");
    BOOST_TEST(config.database.user == "b");
    BOOST_TEST(config.log.level == "debug");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_part_is_named_with_its_own_line) {
    const Folder folder;
    const auto file = folder.write("livechat.toml", "");
    std::filesystem::create_directory(folder.path / "conf.d");
    const auto part = folder.write("conf.d/a.toml", "\n[fcgi]\nwokers = 6\n");
    BOOST_TEST(file_refusal(file) == part.string() + ":3: unknown key fcgi.wokers");
}

BOOST_AUTO_TEST_CASE(text_at_hand_is_read_without_looking_at_the_environment) {
    const Folder folder;
    setenv("LIVECHAT_DATABASE_PASSWORD", "b", 1);
    BOOST_TEST(parse_config("[database]\npassword = 'a'\n", "f", {}).database.password == "a");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
