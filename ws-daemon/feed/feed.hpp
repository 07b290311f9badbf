// The feed: a thread that reads notifications from the database and hands them on as publications,
// each once, in an order that agrees with every room's order of commit (docs/architecture.md, "The
// feed"). Nothing else of the daemon broadcasts.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/config.hpp"
#include "db/connection.hpp"
#include "db/epoch_repository.hpp"
#include "db/notification_repository.hpp"
#include "feed/cursor.hpp"
#include "feed/publication.hpp"

namespace livechat::feed {

// Both are called on the feed's thread.
struct Listener {
    // position: the feed's, once these are published.
    std::function<void(std::vector<Publication>, Position position)> publish;
    // Notifications were removed before this feed had read them (it was away for longer than they
    // are kept): clients must reconnect and resume by seq.
    std::function<void()> lapsed;
    // An older state of the database was put back: nothing that clients have seen of the feed means
    // anything any more. They must reconnect, and none may be recovered from before.
    std::function<void()> restored;
    // The feed begins, or begins again, in this epoch of the database (table feed_state); before
    // publish.
    std::function<void(std::string epoch)> begins;
};

// For metrics; any thread.
struct FeedFigures {
    std::atomic<std::uint64_t> looks{0};
    std::atomic<std::uint64_t> notifications{0};
    std::atomic<std::uint64_t> holes{0};  // open at this moment
    std::atomic<std::uint64_t> holes_given_up{0};
    std::atomic<std::uint64_t> reconnects{0};
    std::atomic<std::uint64_t> lapses{0};
    std::atomic<std::uint64_t> restores{0};
    std::atomic<std::uint64_t> newest{0};
    std::atomic<std::uint64_t> lag_us{0};    // age of the newest one when it was read
    std::atomic<std::uint64_t> failures{0};  // since it could read the database; 0: it can
    std::atomic<bool> caught_up{false};  // connected, and the last look found no more than it took
};

class Feed {
  public:
    Feed(const DatabaseConfig& database, const FeedConfig& config, Listener listener);
    ~Feed();
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    void start();
    // Returns when the thread has ended; nothing is published any more.
    void stop();

    // Something was committed: look at once. Any thread, never blocks for long.
    void poke();

    // Whether anyone watches all sessions; without one their rows are not read. Any thread.
    void set_watched(bool watched) { watched_ = watched; }

    const FeedFigures& figures() const { return figures_; }

  private:
    void run();
    void begin();
    void learn_step(Id step);
    // Looks for ids that were ruled out and are there nevertheless.
    void sweep(Time now);
    // Ids below `newest` that cannot be seen, and whose transactions may be open, the newest first.
    std::vector<Id> missing_below(Id newest);
    // Returns whether it found anything.
    bool look();
    // Whether it had to begin again, because the database does not go on from where it was.
    bool check_state(Time now);
    // Whether an older state of the database was put back since the last look at it.
    bool was_restored(const db::NotificationRepository::FeedState& state);
    // Whether the database still has all that was read from it, as it was then.
    bool has_what_was_seen(const db::NotificationRepository::FeedState& state);
    void remember(Id newest);
    db::NotificationRepository::FeedState read_state();
    void announce_restore(const db::NotificationRepository::FeedState& state);
    bool leaps(const std::vector<db::Notification>& found) const;
    // Adds to what was found those that were committed before it; in the order of ids.
    void add_predecessors(std::vector<db::Notification>& found, Time now);
    Position position() const;
    std::vector<Publication> take(const std::vector<db::Notification>& notifications, Time now);
    void add_updated_sessions(const std::vector<db::Notification>& notifications,
                              std::vector<Publication>& publications);
    void probe_holes(Time now);
    void purge(Time now);
    // Waits for poke(), stop() or the time; returns false when it is to stop.
    bool wait(std::chrono::milliseconds time);

    FeedConfig config_;
    Listener listener_;
    db::Connection connection_;
    db::NotificationRepository notifications_;
    db::EpochRepository epochs_;
    std::optional<Cursor> cursor_;  // none before the first connection
    Time next_purge_{};
    std::string epoch_;
    // A notification that is there, and what it says: a restored database lacks it, or says
    // something else. Id 0: none.
    struct {
        Id id = 0;
        std::string says;
    } known_;
    // What the newest one that was read says without its time, which is not read. Id 0: none.
    struct {
        Id id = 0;
        db::SessionId session_id = 0;
        std::optional<db::NotificationKind> kind;
        Seq seq = 0;
    } last_read_;
    std::string table_made_;   // as the server said when the feed began
    bool reconnected_ = true;  // since the last look at the database's epoch
    Time next_check_{};
    std::deque<Id> swept_;  // the newest ids at the last checks, the oldest first
    std::atomic<bool> watched_{false};
    FeedFigures figures_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool poked_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace livechat::feed
