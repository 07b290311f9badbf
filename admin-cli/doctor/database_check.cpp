#include "doctor/database_check.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "db/error_codes.hpp"
#include "db/schema_repository.hpp"
#include "db/schema_state.hpp"
#include "doctor/server_settings.hpp"
#include "schema/migrator.hpp"
#include "schema/rights.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

constexpr std::chrono::seconds kClockTolerance{2};
constexpr std::uint64_t kLittleSpace = 10;  // per cent

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
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
    try {
        if (const auto triggers = db::SchemaState(connection).missing_triggers()) {
            for (const auto& name : *triggers) missing.push_back("trigger " + name);
        }
    } catch (const db::Error& error) {
        if (db::cause_of(error.code()) != db::Cause::outdated_system_tables) throw;
        const auto* const known = db::find_known_error(error.code(), error.what());
        findings.push_back(bad(std::string(known->what) + " (" + error.what() +
                                   "): programs that speak SQL cannot call our procedures",
                               std::string(known->advice)));
        return;
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

void check_settings(const Config& config,
                    db::Connection& connection,
                    db::SchemaRepository& schema,
                    Findings& findings) {
    const ServerSettings settings{schema.variables(), schema.account_connections(),
                                  connection.refused_settings()};
    for (auto& finding : judge_settings(settings, config)) findings.push_back(std::move(finding));
}

void check_disk(const Config& config, db::SchemaRepository& schema, Findings& findings) {
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

void check_writing(db::Connection& connection, Findings& findings) {
    try {
        db::SchemaState(connection).try_to_write();
    } catch (const db::Error& error) {
        const auto* const known = db::find_known_error(error.code(), error.what());
        if (!known || known->what.empty()) throw;
        findings.push_back(bad(
            "the database takes no writes: " + std::string(known->what) + " (" + error.what() + ")",
            known->advice.empty() ? "wait, and run this again" : std::string(known->advice)));
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
    if (check_migrations(connection, migrations, findings) && may) {
        check_objects(connection, migrations, findings);
        check_writing(connection, findings);
    }
    check_settings(config, connection, schema, findings);
    check_disk(config, schema, findings);
    return findings;
}

}  // namespace livechat::admin
