#include "doctor/database_check.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <tuple>

#include "db/schema_repository.hpp"
#include "db/schema_state.hpp"
#include "schema/migrator.hpp"
#include "schema/rights.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

constexpr std::chrono::seconds kClockTolerance{2};
// A daemon's, beside its readers: the writer's, the recovery's, the feed's, the watch's.
constexpr std::uint64_t kDaemonsOwn = 4;
// Beside the programs' own: administrators, backups, this one.
constexpr std::uint64_t kSpareConnections = 10;
constexpr std::uint64_t kLittleSpace = 10;  // per cent

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

std::optional<std::uint64_t> number_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return number;
}

// False: without what it lacks we see less than there is.
bool check_rights(db::SchemaRepository& schema, const std::string& name, Findings& findings) {
    const auto rights = rights_on(schema.grants(), name);
    const auto account = schema.account();
    if (!rights.missing.empty()) {
        findings.push_back(
            bad("the account " + account + " lacks " + joined(rights.missing) + " on " + name,
                "run livechat-admin setup, which grants what is missing"));
    } else if (!rights.excessive.empty()) {
        findings.push_back(notice(
            "the account " + account +
                " may do more than the programs need: " + joined(rights.excessive),
            "give the programs an account of their own: set database.user to a new name and run"
            " livechat-admin setup"));
    } else {
        findings.push_back(
            good("the account " + account + " has the rights that it needs and no others"));
    }
    return rights.missing.empty();
}

// Whether all of it should be there.
bool check_migrations(db::Connection& connection,
                      const std::filesystem::path& folder,
                      Findings& findings) {
    try {
        Migrator migrator(connection, folder);
        const auto lacking = migrator.plan().to_apply;
        if (lacking.empty()) {
            findings.push_back(
                good("the schema is of this version (" + migrator.available().back().file + ")"));
            return true;
        }
        std::vector<std::string> files;
        for (const auto& migration : lacking) files.push_back(migration.file);
        findings.push_back(
            bad("the schema lacks " + joined(files), "run livechat-admin migrate apply"));
        return false;
    } catch (const MigrationError& error) {
        findings.push_back(bad(error.what(), "do that before anything else"));
        return false;
    }
}

void check_objects(db::Connection& connection,
                   const std::filesystem::path& folder,
                   Findings& findings) {
    constexpr const char* kAdvice =
        "\"Triggers or procedures are missing\" in operations.md says how to put it back";
    std::vector<std::string> missing;
    if (const auto triggers = db::SchemaState(connection).missing_triggers()) {
        for (const auto& name : *triggers) missing.push_back("trigger " + name);
    }
    const auto routines = db::SchemaRepository(connection).routines();
    for (const auto& object : objects_of(folder)) {
        if (object.starts_with("trigger ")) continue;
        if (!routines.contains(object.substr(object.find(' ') + 1))) missing.push_back(object);
    }
    for (const auto& object : missing)
        findings.push_back(bad("the " + object + " is missing", kAdvice));
    if (missing.empty()) findings.push_back(good("all triggers and procedures are there"));
}

void check_variables(const Config& config, db::SchemaRepository& schema, Findings& findings) {
    const auto needed =
        config.fcgi.workers + config.wsd.reader_threads + kDaemonsOwn + kSpareConnections;
    if (const auto most = number_of(schema.variable("max_connections")); most && *most < needed) {
        findings.push_back(bad("the server takes " + std::to_string(*most) +
                                   " connections, and one daemon and"
                                   " the workers want " +
                                   std::to_string(needed),
                               "raise max_connections, or lower fcgi.workers"));
    }
    const auto packet = config.wsd.writer_batch * config.limits.message_bytes;
    if (const auto most = number_of(schema.variable("max_allowed_packet"));
        most && *most < packet) {
        findings.push_back(notice("the server takes statements of " + in_bytes(*most) +
                                      ", and a full batch of the longest messages has " +
                                      in_bytes(packet),
                                  "raise max_allowed_packet to 16M, or lower wsd.writer_batch"));
    }
    if (const auto flush = schema.variable("innodb_flush_log_at_trx_commit");
        flush && *flush != "1") {
        findings.push_back(
            notice("a power failure can lose messages that were acknowledged"
                   " (innodb_flush_log_at_trx_commit = " +
                       *flush + ")",
                   "set innodb_flush_log_at_trx_commit = 1"));
    }
    const auto folder = schema.variable("datadir");
    struct statvfs space {};
    if (config.database.host.empty() && folder && statvfs(folder->c_str(), &space) == 0 &&
        space.f_blocks > 0) {
        const auto free = space.f_bavail * 100 / space.f_blocks;
        if (free < kLittleSpace) {
            findings.push_back(bad("the disk of the database (" + *folder + ") has " +
                                       std::to_string(free) + " % left",
                                   "make room; livechat-admin purge removes old conversations"));
        } else {
            findings.push_back(
                good("the disk of the database has " + std::to_string(free) + " % left"));
        }
    }
}

}  // namespace

Finding judge_version(std::string_view version) {
    int major = 0;
    int minor = 0;
    const std::string text(version);
    if (std::sscanf(text.c_str(), "%d.%d", &major, &minor) != 2) {
        return notice("the server does not say its version: " + printable(version),
                      "use MariaDB 10.3 or newer, or MySQL 5.6 or newer");
    }
    const bool mariadb = version.find("MariaDB") != std::string_view::npos;
    const std::tuple number(major, minor);
    const std::string name =
        (mariadb ? "MariaDB " : "MySQL ") + std::to_string(major) + "." + std::to_string(minor);
    if (number < (mariadb ? std::tuple(10, 3) : std::tuple(5, 6))) {
        return bad(name + " is too old", "use MariaDB 10.3 or newer, or MySQL 5.6 or newer");
    }
    if (number < (mariadb ? std::tuple(10, 6) : std::tuple(8, 0))) {
        return notice(
            name + " works; while a program holds one conversation, others may wait for it",
            "MariaDB 10.6 and MySQL 8.0 can pass over it");
    }
    return good("the server is " + name);
}

Finding judge_clocks(std::chrono::seconds ours, std::chrono::seconds theirs) {
    const auto apart = ours > theirs ? ours - theirs : theirs - ours;
    if (apart <= kClockTolerance) return good("the clocks of this machine and the database agree");
    return bad("the clocks of this machine and the database are " + std::to_string(apart.count()) +
                   " seconds apart",
               "keep both with NTP (timedatectl set-ntp true)");
}

Findings check_database(const Config& config,
                        db::Connection& connection,
                        const std::filesystem::path& migrations) {
    Findings findings;
    db::SchemaRepository schema(connection);
    findings.push_back(judge_version(schema.version()));
    const bool may = check_rights(schema, config.database.name, findings);
    const auto before = std::chrono::system_clock::now().time_since_epoch();
    findings.push_back(judge_clocks(std::chrono::duration_cast<std::chrono::seconds>(before),
                                    std::chrono::seconds(schema.unix_time())));
    if (check_migrations(connection, migrations, findings) && may)
        check_objects(connection, migrations, findings);
    check_variables(config, schema, findings);
    return findings;
}

}  // namespace livechat::admin
