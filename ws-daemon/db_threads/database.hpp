// The daemon's way to the database: the gateway's Backend on a pool of readers and a writer.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "base/live.hpp"
#include "db_threads/loop.hpp"
#include "db_threads/message_writer.hpp"
#include "db_threads/reader_pool.hpp"
#include "db_threads/recovery_store.hpp"
#include "gateway/backend.hpp"

namespace livechat::db_threads {

// What follows from a change of the database; any thread.
struct Consequences {
    std::function<void()> committed;    // look at the notifications now
    std::function<void(bool)> watched;  // see Backend::set_watched
};

class Database : public gateway::Backend {
  public:
    Database(const Config& config, Post post, Consequences consequences);

    void send(NewMessage message, gateway::Callback<Sent> done) override;
    void view_room(std::string client_id,
                   std::optional<Seq> after,
                   gateway::Callback<RoomView> done) override;
    void messages_after(std::string client_id,
                        Seq after,
                        db::PageBounds bounds,
                        gateway::Callback<db::MessagePage> done) override;
    void mark_read(std::string client_id, Side reader, gateway::Callback<void> done) override;
    void save_recovery(db::RecoveryRecord record) override;
    void take_recovery(std::string pid_hash,
                       gateway::Callback<std::optional<db::RecoveryRecord>> done) override;
    void missed(std::vector<db::RecoveryRoom> rooms,
                Standing standing,
                Standing feed,
                gateway::Callback<std::optional<Missed>> done) override;
    void news_after(std::string client_id,
                    db::NotificationId after,
                    gateway::Callback<std::optional<RoomNews>> done) override;
    void identify(std::vector<std::string> token_hashes,
                  gateway::Callback<gateway::Proof> done) override;
    void review(gateway::ReviewQuestion question, gateway::Callback<gateway::Review> done) override;
    void set_watched(bool watched) override { consequences_.watched(watched); }

    // From the next job on.
    void set_limits(const Limits& limits) { limits_.set(limits); }
    // Jobs that take longer are logged; 0: none is.
    void set_slow(std::chrono::milliseconds slow) { slow_.set(slow); }

    // Nothing waits for the database, and nothing is being done there.
    bool idle() const { return readers_.idle() && writer_.idle() && recovery_.idle(); }

    const MessageWriter& writer() const { return writer_; }
    const ReaderPool& readers() const { return readers_; }

  private:
    // Runs use_case(connection) on a reader and posts its Result to done; busy when there is no
    // room.
    template <class T>
    void run(const char* name,
             std::function<Result<T>(db::Connection&)> use_case,
             gateway::Callback<T> done,
             ReaderPool::Queue queue = ReaderPool::Queue::ordinary);

    using ReadMark = std::pair<std::string, Side>;  // which session, and who has read it
    void start_marking(ReadMark mark, std::vector<gateway::Callback<void>> waiting);

    Live<Limits> limits_;
    const AuthConfig auth_;
    Live<std::chrono::milliseconds> slow_;
    Post post_;
    Consequences consequences_;
    // Under way, and who waits for the one after it. Event loop thread only.
    std::map<ReadMark, std::vector<gateway::Callback<void>>> marking_;
    ReaderPool readers_;
    MessageWriter writer_;
    RecoveryStore recovery_;
};

}  // namespace livechat::db_threads
