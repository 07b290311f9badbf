#include "feed/feed.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "db/recovery_repository.hpp"
#include "db/session_repository.hpp"
#include "feed/pace.hpp"

namespace livechat::feed {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry{50};
constexpr milliseconds kLongestRetry{1000};
// Ids that a starting feed looks through in one statement.
constexpr Id kStretch = 2000;
// How often a feed asks whether the database still goes on from where it was; also after a loss of
// the connection, and when it finds so many ids missing at once.
constexpr std::chrono::seconds kCheckEvery{1};
constexpr Id kLeap = 100;
// So many checks back it looks for ids that were ruled out.
constexpr std::size_t kSweptChecks = 10;
constexpr std::chrono::seconds kPurgeEvery{10};
constexpr std::chrono::minutes kPurgeAfterLock{1};
constexpr std::uint64_t kPurgeBatch = 500;

}  // namespace

Feed::Feed(const DatabaseConfig& database, const FeedConfig& config, Listener listener)
    : config_(config),
      listener_(std::move(listener)),
      connection_(database),
      notifications_(connection_),
      epochs_(connection_) {}

Feed::~Feed() { stop(); }

void Feed::start() {
    thread_ = std::thread([this] { run(); });
}

void Feed::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Feed::poke() {
    {
        const std::lock_guard lock(mutex_);
        poked_ = true;
    }
    wake_.notify_one();
}

bool Feed::wait(milliseconds time) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, time, [this] { return poked_ || stopping_; });
    poked_ = false;
    return !stopping_;
}

void Feed::run() {
    Pace pace(config_);
    auto pause = milliseconds{0};
    auto retry = kFirstRetry;
    do {
        try {
            if (!cursor_) begin();
            const bool found = look();
            figures_.failures = 0;
            if (retry != kFirstRetry) log::info("feed_recovered");
            retry = kFirstRetry;
            const auto now = std::chrono::steady_clock::now();
            pause = pace.after_look(found, now);
            probe_holes(now);
            purge(now);
        } catch (const db::Error& error) {
            if (retry == kFirstRetry) {
                log::warning("feed_lost",
                             {{"code", error.code()}, {"reason", db::reason_of(error)}});
                ++figures_.reconnects;
            }
            figures_.caught_up = false;
            ++figures_.failures;
            next_check_ = {};
            reconnected_ = true;
            connection_.disconnect();
            pause = retry;
            retry = std::min(retry * 2, kLongestRetry);
        }
    } while (wait(pause));
}

// Starts at the newest notification. Ids that are missing below it may still be committed.
void Feed::begin() {
    const auto now = std::chrono::steady_clock::now();
    auto state = read_state();
    // Only the first look after a connect asks this: two daemons on servers that do not agree would
    // otherwise renew the epoch in turns.
    if (std::exchange(reconnected_, false) && epochs_.came_with_backup()) {
        announce_restore(state);
        state = read_state();
    }
    const auto missing = missing_below(state.newest);
    cursor_.emplace(state.newest, config_.hole_timeout);
    swept_.clear();
    learn_step(state.step);
    for (const Id id : missing) {
        if (cursor_->may_come(id)) cursor_->expect(id, now);
    }
    // Another daemon may have removed some while they were looked for.
    cursor_->forget_through(notifications_.purged_through());
    next_check_ = now + kCheckEvery;
    epoch_ = state.epoch;
    last_read_ = {};
    table_made_ = epochs_.table_made();
    remember(state.newest);
    log::info("feed_ready",
              {{"newest", cursor_->newest()}, {"holes", cursor_->holes()}, {"epoch", epoch_}});
    listener_.begins(epoch_);
    listener_.publish({}, position());
}

void Feed::learn_step(Id step) {
    if (step == cursor_->step()) return;
    cursor_->set_step(step);
    const Id newest = cursor_->newest();
    for (const Id id : notifications_.ids(newest > kStretch ? newest - kStretch : 0, newest)) {
        cursor_->learn(id);
    }
}

// A connection with a step of its own, or another server of a cluster, gives out ids that no one
// expects. What its first transaction wrote may become visible only when newer ids were seen.
void Feed::sweep(Time now) {
    if (cursor_->step() == 1) return;
    swept_.push_back(cursor_->newest());
    if (swept_.size() > kSweptChecks) swept_.pop_front();
    const Id first = std::max(swept_.front(), cursor_->ruled_out_after()) + 1;
    for (const Id id : notifications_.ids(first, cursor_->newest())) {
        if (!cursor_->may_come(id)) cursor_->expect(id, now);
    }
}

// A table without its row is one that is being filled from a backup (myloader makes all tables
// before it fills any). The row of an epoch that begins now would be in the way.
db::NotificationRepository::FeedState Feed::read_state() {
    auto state = notifications_.feed_state();
    if (!state.epoch.empty()) return state;
    throw db::Error(db::ErrorKind::lost, 0,
                    "feed_state is empty: a backup is being put back; if not, run livechat-admin "
                    "restore-finished");
}

// Clients compare epochs, so a restore that was not announced gets one now.
void Feed::announce_restore(const db::NotificationRepository::FeedState& state) {
    ++figures_.restores;
    const auto epoch = epochs_.renew(state.epoch);
    log::warning(
        "feed_restored",
        {{"seen", cursor_ ? cursor_->newest() : 0}, {"newest", state.newest}, {"epoch", epoch}});
}

// Back to those that are older than a transaction is waited for.
std::vector<Id> Feed::missing_below(Id newest) {
    const auto patience = std::chrono::ceil<std::chrono::seconds>(config_.hole_timeout).count();
    const Id purged = notifications_.purged_through();
    std::vector<Id> missing;
    for (Id last = newest; last > purged && missing.size() < Cursor::kMaxHoles;) {
        const Id first = std::max(purged, last > kStretch ? last - kStretch : 0) + 1;
        const auto stretch =
            notifications_.stretch(first, last, static_cast<std::uint64_t>(patience));
        if (stretch.count < last - first + 1) {
            const auto ids = notifications_.ids(first, last);
            for (Id id = last; id >= first; --id) {
                if (!std::ranges::binary_search(ids, id)) missing.push_back(id);
            }
        }
        if (!stretch.young) break;
        last = first - 1;
    }
    return missing;
}

Position Feed::position() const { return {cursor_->newest(), cursor_->open_holes()}; }

bool Feed::look() {
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_check_) check_state(now);
    cursor_->give_up_old(now);
    const auto due = cursor_->due(now);
    auto notifications = notifications_.read(cursor_->newest(), config_.batch, due);
    if (leaps(notifications) && check_state(now)) return true;
    // A full batch: there may be more, and wait() must not stand in its way.
    const bool full = notifications.size() >= config_.batch;
    if (!notifications.empty()) add_predecessors(notifications, now);
    auto publications = take(notifications, now);
    if (watched_ && !notifications.empty()) add_updated_sessions(notifications, publications);

    ++figures_.looks;
    figures_.notifications += notifications.size();
    figures_.holes = cursor_->holes();
    figures_.holes_given_up = cursor_->given_up();
    figures_.newest = cursor_->newest();
    figures_.caught_up = !full;
    if (!notifications.empty()) figures_.lag_us = notifications.back().age_us;
    if (!publications.empty()) listener_.publish(std::move(publications), position());
    if (full) poke();
    return !notifications.empty();
}

// A room's earlier notifications were committed before its later ones, so showing one means to
// show those before it. A look need not have seen them: it did not ask for all holes, and MariaDB's
// views are not of one instant (a transaction may be in one, and another that was committed before
// it not). So all that is missing is asked for again, in views that begin after what was found,
// until nothing comes.
void Feed::add_predecessors(std::vector<db::Notification>& found, Time now) {
    Cursor ahead = *cursor_;
    for (std::size_t seen = 0; seen < found.size();) {
        for (; seen < found.size(); ++seen) ahead.see(found[seen].id, now);
        for (const auto& part : ahead.all_in_parts()) {
            std::ranges::move(notifications_.read_some(part), std::back_inserter(found));
        }
    }
    std::ranges::sort(found, {}, &db::Notification::id);
}

bool Feed::leaps(const std::vector<db::Notification>& found) const {
    const auto next = std::ranges::upper_bound(found, cursor_->newest(), {}, &db::Notification::id);
    return next != found.end() && next->id - cursor_->newest() > kLeap * cursor_->step();
}

bool Feed::check_state(Time now) {
    const auto state = read_state();
    next_check_ = now + kCheckEvery;
    const Id seen = cursor_->newest();
    if (was_restored(state)) {
        // A new epoch begins far above all numbers: one below them came with a backup, and clients
        // may have seen it before.
        if (state.epoch == epoch_ || state.newest < seen) {
            announce_restore(state);
        } else {
            ++figures_.restores;
            log::warning("feed_restored",
                         {{"seen", seen}, {"newest", state.newest}, {"epoch", state.epoch}});
        }
        listener_.restored();
        cursor_.reset();
        begin();
        return true;
    }
    remember(state.newest);
    if (state.purged_through <= seen) {
        cursor_->forget_through(state.purged_through);
        learn_step(state.step);
        sweep(now);
        return false;
    }
    log::warning("feed_lapsed", {{"seen", seen}, {"purged_through", state.purged_through}});
    ++figures_.lapses;
    cursor_.reset();
    begin();
    listener_.lapsed();
    return true;
}

// Notifications are removed in order, and the newest never: one that was there, is not counted as
// removed and is gone, or says something else, was part of another life of the database.
bool Feed::was_restored(const db::NotificationRepository::FeedState& state) {
    if (state.epoch != epoch_ || state.newest < cursor_->newest()) return true;
    const bool reconnected = std::exchange(reconnected_, false);
    const auto table_made = epochs_.table_made();
    if ((reconnected && epochs_.came_with_backup()) || table_made != table_made_) {
        if (!has_what_was_seen(state)) return true;
        // Its files were copied, touched or given to another account, or this is a replica: nothing
        // is older than it was.
        epochs_.adopt_table();
        table_made_ = table_made;
        log::info("feed_table_moved", {{"newest", state.newest}});
    }
    if (known_.id == 0) return false;
    const auto says = epochs_.fingerprint(known_.id);
    if (says) return *says != known_.says;
    return notifications_.purged_through() < known_.id;
}

bool Feed::has_what_was_seen(const db::NotificationRepository::FeedState& state) {
    if (known_.id == 0 || state.newest < cursor_->newest()) return false;
    if (epochs_.fingerprint(known_.id) != known_.says) return false;
    if (last_read_.id <= known_.id) return true;
    const Id id = last_read_.id;
    const auto found = notifications_.read_some(std::span(&id, 1));
    return found.size() == 1 && found[0].session_id == last_read_.session_id &&
           found[0].kind == last_read_.kind && found[0].seq == last_read_.seq;
}

void Feed::remember(Id newest) {
    if (newest == known_.id) return;
    const auto says = newest > 0 ? epochs_.fingerprint(newest) : std::nullopt;
    known_ = {says ? newest : 0, says.value_or("")};
}

std::vector<Publication> Feed::take(const std::vector<db::Notification>& notifications, Time now) {
    std::vector<Publication> publications;
    publications.reserve(notifications.size());
    for (const auto& notification : notifications) {
        if (notification.id > last_read_.id) {
            last_read_ = {notification.id, notification.session_id, notification.kind,
                          notification.seq};
        }
        if (!cursor_->see(notification.id, now)) continue;
        // One hole too many is enough to show that there are too many to be written.
        const Position at{cursor_->newest(), cursor_->open_holes(Position::kMaxHoles + 1)};
        if (auto publication = feed::publish(notification, at)) {
            publications.push_back(*std::move(publication));
        }
    }
    return publications;
}

void Feed::add_updated_sessions(const std::vector<db::Notification>& notifications,
                                std::vector<Publication>& publications) {
    std::set<db::SessionId> changed;
    for (const auto& notification : notifications) {
        if (notification.kind) changed.insert(notification.session_id);
    }
    const std::vector<db::SessionId> ids(changed.begin(), changed.end());
    for (const auto& row : db::SessionRepository(connection_).list(ids)) {
        publications.push_back(publish_session(row.session, cursor_->newest()));
    }
}

// Finds out about ids that have been missing for long: a rolled-back one shall not be asked for
// again, and one whose transaction is open shall not be given up. Without a server that can tell,
// the hole timeout decides.
void Feed::probe_holes(Time now) {
    for (const Id id : cursor_->to_probe(now)) {
        switch (notifications_.probe(id)) {
            case db::Presence::absent:
                cursor_->give_up(id);
                break;
            case db::Presence::uncommitted:
                cursor_->keep(id, now);
                break;
            case db::Presence::unknown:
                break;
        }
    }
}

// Removes what is too old to be resumed from. It must not cost the feed its connection: another
// daemon at the same work is in the way for a moment, and what stays is removed next time.
void Feed::purge(Time now) {
    if (now < next_purge_) return;
    next_purge_ = now + kPurgeEvery;
    const auto hours = static_cast<std::uint64_t>(config_.retention.count());
    try {
        const auto removed = notifications_.purge(hours, kPurgeBatch);
        const auto forgotten = db::RecoveryRepository(connection_).purge(hours, kPurgeBatch);
        // A full batch means that there is more to remove; it waits for the next look.
        if (removed == kPurgeBatch || forgotten == kPurgeBatch) next_purge_ = now;
    } catch (const db::Error& error) {
        if (error.kind() == db::ErrorKind::lost || error.kind() == db::ErrorKind::in_doubt) throw;
        log::warning("purge_failed", {{"code", error.code()}, {"reason", db::reason_of(error)}});
        // Where tables are locked, waiting for them again and again would hold up what is read.
        if (error.kind() == db::ErrorKind::locked) next_purge_ = now + kPurgeAfterLock;
    }
}

}  // namespace livechat::feed
