// erase: what one person wrote. purge: conversations after their time.
#include <iostream>
#include <memory>

#include "chat/access_service.hpp"
#include "chat/ban_service.hpp"
#include "chat/erasure_service.hpp"
#include "chat/retention_service.hpp"
#include "commands/commands.hpp"
#include "commands/conversation.hpp"
#include "terminal/terminal.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

struct EraseOptions {
    std::string client_id;
    bool anonymous = false;
};

struct PurgeOptions {
    std::optional<std::uint64_t> days;
    bool closed_only = false;
    bool dry_run = false;
};

int erase(Program& program, const EraseOptions& options) {
    const auto session = find_session(program, options.client_id);
    confirm("Erase the texts of " + grouped(session.last_seq) + " messages of " +
                printable(session.client_id) +
                (options.anonymous ? ", its clientId and the visitor's access" : "") + " for good?",
            program.options.yes);
    Progress progress("erasing", session.last_seq);
    ErasureService service(program.database(), [&] { program.ring(); });
    const auto erased = value_of(service.erase(options.client_id, options.anonymous,
                                               [&](std::uint64_t done) { progress.set(done); }));
    program.print(Json{{"clientId", erased.client_id}, {"messages", erased.messages}}, [&] {
        return "erased: " + grouped(erased.messages) + " messages of " +
               printable(options.client_id) +
               (options.anonymous ? ", which is called " + erased.client_id + " from now on" : "") +
               "; backups and logs of the database server still hold them until they are removed\n";
    });
    return kDone;
}

db::Retention retention_of(Program& program, const PurgeOptions& options) {
    db::Retention retention{options.days.value_or(program.config().retention.days),
                            options.closed_only};
    return retention;
}

// Tokens and bans that have been over for long, and conversations without a message.
void tidy(Program& program) {
    AccessService access(program.database(), program.config().auth);
    while (access.purge() > 0) continue;
    BanService bans(program.database(), program.config().limits);
    while (bans.purge() > 0) continue;
    const auto days = program.config().retention.empty_days;
    if (days > 0) RetentionService(program.database()).purge_empty(days);
}

int purge(Program& program, const PurgeOptions& options) {
    if (!options.dry_run) tidy(program);
    const auto retention = retention_of(program, options);
    const auto days = std::to_string(retention.days) + (retention.days == 1 ? " day" : " days");
    RetentionService service(program.database());
    if (retention.days == 0) {
        program.print(Json{{"sessions", 0}, {"messages", 0}}, [] {
            return std::string(
                "nothing to remove: retention.days is 0, which keeps everything; --days"
                " says another number\n");
        });
        return kDone;
    }
    const auto count = service.count(retention);
    const std::string what = grouped(count) + (options.closed_only ? " closed" : "") +
                             " conversations without a message for " + days;
    if (options.dry_run || count == 0) {
        program.print(Json{{"sessions", count}, {"messages", Json()}}, [&] {
            return (count == 0 ? "nothing to remove: " : "would remove ") + what + "\n";
        });
        return kDone;
    }
    confirm("Remove " + what + " for good?", program.options.yes);
    Purged purged;
    {
        Progress progress("removing", count);
        purged =
            service.purge(retention, [&](const Purged& so_far) { progress.set(so_far.sessions); });
    }
    program.print(Json{{"sessions", purged.sessions}, {"messages", purged.messages}}, [&] {
        return "removed: " + grouped(purged.sessions) + " conversations with " +
               grouped(purged.messages) + " messages\n";
    });
    return kDone;
}

}  // namespace

void add_removal(CLI::App& app, Program& program) {
    const auto erasing = std::make_shared<EraseOptions>();
    auto* command =
        add_command(app, program, "erase", "Erases the texts of a person's conversation",
                    [&program, erasing] { return erase(program, *erasing); });
    command->add_option("CLIENT", erasing->client_id, "Its clientId")->required();
    command->add_flag("--anonymous", erasing->anonymous,
                      "Also its clientId and the visitor's access, and closes it");

    const auto purging = std::make_shared<PurgeOptions>();
    command = add_command(app, program, "purge", "Removes conversations after their time",
                          [&program, purging] { return purge(program, *purging); });
    command
        ->add_option("--days", purging->days,
                     "Days without a message after which one is removed (retention.days)")
        ->check(CLI::Range(1, 36'500));
    command->add_flag("--closed-only", purging->closed_only, "Only closed ones");
    command->add_flag("--dry-run", purging->dry_run, "Only says how many");
}

}  // namespace livechat::admin
