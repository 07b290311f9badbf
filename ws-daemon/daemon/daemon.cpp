#include "daemon/daemon.hpp"

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.hpp"
#include "base/doorbell.hpp"
#include "base/endpoint.hpp"
#include "base/handed_over.hpp"
#include "base/log.hpp"
#include "base/memory.hpp"
#include "base/service.hpp"
#include "chat/database_watch.hpp"
#include "daemon/doorbell_listener.hpp"
#include "daemon/reload.hpp"
#include "daemon/status_pages.hpp"
#include "db_threads/database.hpp"
#include "feed/feed.hpp"
#include "gateway/gateway.hpp"
#include "gateway/presence_relay.hpp"
#include "gateway/recall_relay.hpp"
#include "gateway/typing_relay.hpp"
#include "hub/hub.hpp"
#include "transport/server.hpp"

namespace livechat {
namespace {

// How long the first clients wait for a database that does not answer.
constexpr std::chrono::seconds kFeedPatience{2};
constexpr std::chrono::milliseconds kPresenceTick{250};
constexpr std::chrono::seconds kDatabaseWatch{5};
// A daemon that is to stop first looks so often whether all that its sockets have sent is written,
// and believes it when so many looks have found nothing new.
constexpr std::chrono::milliseconds kDrainLook{5};
constexpr int kQuietLooks = 4;
constexpr std::chrono::seconds kPulse{1};
constexpr std::chrono::seconds kGiveMemoryBack{10};

// What the chat's events nest is two levels.
constexpr std::size_t kMaxDepth = 32;

// As the other limits of [abuse], it does not hold where everybody is trusted.
eio::InputLimits input_limits(const Config& config) {
    if (!config.abuse.enabled || config.auth.mode == "open") return {};
    return {config.abuse.socket_events_per_second, config.abuse.socket_bytes_per_second,
            config.abuse.socket_burst};
}

// Only a program that may open the unix socket comes by it: the web server.
std::function<bool(std::string_view)> trusted_proxies(const WsdConfig& config) {
    if (!config.trust_proxy) return [](std::string_view) { return false; };
    std::vector<Network> networks;
    for (const auto& proxy : config.trusted_proxies)
        networks.push_back(parse_network(proxy).value());
    return [networks = std::move(networks)](std::string_view peer) {
        if (peer.empty()) return true;
        const auto address = parse_address(peer);
        return address && std::ranges::any_of(networks, [&](const Network& network) {
                   return contains(network, *address);
               });
    };
}

transport::Settings server_settings(const Config& whole) {
    const WsdConfig& config = whole.wsd;
    transport::Settings settings;
    settings.max_depth = kMaxDepth;
    settings.input = input_limits(whole);
    settings.allowed_origins = whole.auth.allowed_origins;
    settings.daemon_name = config.name;
    settings.ping_interval = config.ping_interval;
    settings.ping_timeout = config.ping_timeout;
    settings.upgrade_timeout = config.upgrade_timeout;
    settings.connect_timeout = config.connect_timeout;
    settings.max_payload = config.max_payload;
    settings.max_incoming = config.max_incoming;
    settings.max_write_buffer = config.max_write_buffer;
    settings.largest_event = wire_bytes(whole.limits);
    settings.max_sessions = config.max_sessions;
    settings.max_sessions_per_address = config.max_sessions_per_address;
    settings.trusts = trusted_proxies(config);
    return settings;
}

// The own feed is poked without a datagram, and a second look for each commit would find nothing.
std::vector<std::string> bells_of_others(const DoorbellConfig& config) {
    auto bells = config.ring;
    std::erase(bells, config.listen);
    return bells;
}

}  // namespace

class Daemon::Impl {
  public:
    Impl(const Config& config, ReadAgain read_again)
        : config_(config),
          read_again_(std::move(read_again)),
          handed_over_(handed_over_sockets()),
          doorbell_(bells_of_others(config.doorbell), config.database.password),
          feed_(config.database, config.feed, listener()),
          database_(
              config, [this](auto task) { asio::post(io_, std::move(task)); }, consequences()),
          gateway_(config_, database_, hub_, surroundings()),
          server_(io_, gateway_, server_settings(config)),
          signals_(io_, SIGTERM, SIGINT),
          listen_anyway_(io_),
          presence_tick_(io_),
          drain_timer_(io_),
          pulse_timer_(io_) {
        for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2}) signals_.add(signal);
        if (!config.doorbell.listen.empty()) {
            doorbell_listener_.emplace(
                io_, config.doorbell.listen, config.database.password,
                DoorbellListener::Ears{
                    .rung = [this] { feed_.poke(); },
                    .told = [this](std::string_view datagram) { hear(datagram); },
                });
        }
    }

    void run() {
        wait_for_signal();
        pulse();
        feed_.start();
        gateway_.watch_access();
        tick_presence();
        listen_anyway_.expires_after(kFeedPatience);
        listen_anyway_.async_wait([this](const asio::error_code& error) {
            if (!error) listen();
        });
        io_.run();
        feed_.stop();
        log::info("stopped");
    }

  private:
    feed::Listener listener() {
        return {
            .publish =
                [this](std::vector<feed::Publication> publications, feed::Position position) {
                    asio::post(io_, [this, publications = std::move(publications),
                                     position = std::move(position)]() mutable {
                        for (const auto& [room, number, broadcast] : publications) {
                            hub_.publish(room, number, broadcast);
                        }
                        gateway_.set_position(std::move(position));
                        listen();
                    });
                },
            .lapsed = [this] { asio::post(io_, [this] { server_.close_all("feed_lapsed"); }); },
            .restored =
                [this] {
                    asio::post(io_, [this] {
                        gateway_.forget_position();
                        server_.close_all("database_restored");
                    });
                },
            .begins =
                [this](std::string epoch) {
                    asio::post(io_, [this, epoch = std::move(epoch)]() mutable {
                        gateway_.set_epoch(std::move(epoch));
                    });
                },
        };
    }

    db_threads::Consequences consequences() {
        return {
            .committed =
                [this] {
                    feed_.poke();
                    doorbell_.ring();
                },
            .watched = [this](bool watched) { feed_.set_watched(watched); },
        };
    }

    gateway::Surroundings surroundings() {
        return {
            .now = std::chrono::steady_clock::now,
            .later =
                [this](std::chrono::milliseconds time, std::function<void()> task) {
                    const auto timer = std::make_shared<asio::steady_timer>(io_, time);
                    timer->async_wait(
                        [timer, task = std::move(task)](const asio::error_code&) { task(); });
                },
            .relay_typing =
                [this](const gateway::TypingPayload& payload) {
                    doorbell_.send(gateway::encode_typing(config_.wsd.name, payload));
                },
            .relay_presence =
                [this](gateway::PresenceNews news) {
                    news.daemon = config_.wsd.name;
                    doorbell_.send(gateway::encode_presence(news));
                },
            .relay_recall =
                [this](const std::string& recovery_key) {
                    doorbell_.send(gateway::encode_recall(recovery_key));
                    return !bells_of_others(config_.doorbell).empty();
                },
        };
    }

    // Another daemon tells who types or who is there, or asks for a place; our own datagrams come
    // back to us as well.
    void hear(std::string_view datagram) {
        if (const auto key = gateway::decode_recall(datagram)) return gateway_.supersede(*key);
        if (auto news = gateway::decode_presence(datagram, config_.limits)) {
            if (news->daemon != config_.wsd.name) gateway_.hear_presence(*std::move(news));
            return;
        }
        const auto relayed = gateway::decode_typing(datagram, config_.limits);
        if (relayed && relayed->daemon != config_.wsd.name) gateway_.pass_typing(relayed->payload);
    }

    void tick_presence() {
        presence_tick_.expires_after(kPresenceTick);
        presence_tick_.async_wait([this](const asio::error_code& error) {
            if (error) return;
            gateway_.tick_presence();
            tick_presence();
        });
    }

    // Once: when the feed knows where it stands, because clients that come back at once are
    // recovered from there, or when it has taken too long to find out.
    void listen() {
        if (std::exchange(listening_, true)) return;
        listen_anyway_.cancel();
        if (const auto& metrics = config_.wsd.metrics_listen; !metrics.empty()) {
            database_watch_.emplace(config_.database, kDatabaseWatch);
            const auto endpoint = server_.listen_pages(
                metrics, [this](const auto& request) { return page(request); });
            log::info("metrics", {{"listen", endpoint}});
        }
        for (const int socket : handed_over_) serve(server_.listen(socket));
        if (handed_over_.empty()) {
            for (const auto& endpoint : config_.wsd.listen) serve(server_.listen(endpoint));
        }
        stage_ = Stage::serving;
        service_.ready("serving sockets as " + config_.wsd.name);
    }

    // The configuration was looked at for this, and does not name what the service manager opens.
    void serve(const std::string& endpoint) {
        if (config_.auth.mode == "open" && !config_.auth.open_on_public_address &&
            !is_local_endpoint(endpoint)) {
            throw ConfigError("auth.mode is open, and " + endpoint +
                              " is not on loopback: set auth.open_on_public_address too, if"
                              " everybody who reaches it may do everything");
        }
        log::info("ready", {{"name", config_.wsd.name}, {"listen", endpoint}});
    }

    std::optional<transport::HttpReply> page(const transport::HttpRequest& request) const {
        return status_page(request.path(), stage_,
                           {server_.counters(), server_.incoming(), hub_, gateway_.presence(),
                            feed_.figures(), database_, reloads_, loop_lag_},
                           *database_watch_);
    }

    void wait_for_signal() {
        signals_.async_wait([this](const asio::error_code& error, int signal) {
            if (error) return;
            take_signal(signal);
            wait_for_signal();
        });
    }

    void take_signal(int signal) {
        switch (signal) {
            case SIGHUP:
                return reload();
            case SIGUSR1:
            case SIGUSR2:
                return set_verbose(signal == SIGUSR1);
            default:
                return stop();
        }
    }

    void set_verbose(bool verbose) {
        const std::string level = verbose ? "debug" : config_.log.level;
        log::set_level(log::parse_level(level));
        log::info("log_level", {{"level", level}});
    }

    // What may change at run time; the rest keeps its value of the start.
    void reload() {
        if (stage_ == Stage::stopping) return;
        service_.reloading();
        if (const auto config = read_again_()) {
            take_over(*config);
            ++reloads_;
            log::info("reloaded");
        } else {
            log::error("reload_failed", {{"kept", "the previous configuration"}});
        }
        if (stage_ == Stage::serving) service_.ready("serving sockets as " + config_.wsd.name);
    }

    // The log has its new level and format already. The gateway sees the limits where they are.
    // Bans are in the database, where they are looked at every few seconds.
    void take_over(const Config& fresh) {
        for (const auto& key : keys_for_a_restart(config_, fresh)) {
            log::warning("restart_needed", {{"key", key}, {"reason", "it changes with a restart"}});
        }
        ::livechat::take_over(config_, fresh);
        database_.set_limits(config_.limits);
        database_.set_slow(config_.log.slow_request);
        server_.allow_origins(config_.auth.allowed_origins);
        server_.limit_input(input_limits(config_));
        server_.limit_sessions(config_.wsd.max_sessions, config_.wsd.max_sessions_per_address);
    }

    // The watchdog's sign of life comes from the loop that does the work, and shows how late it is.
    void pulse() {
        const auto every =
            std::min<std::chrono::microseconds>(kPulse, service_.alive_every().value_or(kPulse));
        pulse_timer_.expires_after(every);
        pulse_timer_.async_wait([this](const asio::error_code& error) {
            if (error) return;
            loop_lag_ = std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::steady_clock::now() - pulse_timer_.expiry());
            service_.alive();
            log::report_dropped();
            give_memory_back_now_and_then();
            pulse();
        });
    }

    void give_memory_back_now_and_then() {
        const auto now = std::chrono::steady_clock::now();
        if (now - memory_given_back_ < kGiveMemoryBack) return;
        memory_given_back_ = now;
        give_memory_back();
    }

    void stop() {
        if (std::exchange(stage_, Stage::stopping) == Stage::stopping) return;
        service_.stopping();
        listening_ = true;
        log::info("stopping");
        listen_anyway_.cancel();
        presence_tick_.cancel();
        server_.refuse_new();
        drain(std::chrono::steady_clock::now() + half_the_patience(), 0);
    }

    // Writes and acknowledges what the sockets have sent, for as long as that takes or until the
    // time is over; a sender who got no answer sends again elsewhere.
    void drain(std::chrono::steady_clock::time_point until, int quiet_looks) {
        const auto received = server_.counters().messages_in;
        const bool quiet = database_.idle() && received == std::exchange(drained_, received);
        const bool late = std::chrono::steady_clock::now() >= until;
        if (late) log::warning("not_drained", {{"after_ms", half_the_patience().count()}});
        if (late || (quiet && quiet_looks + 1 >= kQuietLooks)) return close();
        drain_timer_.expires_after(kDrainLook);
        drain_timer_.async_wait(
            [this, until, looks = quiet ? quiet_looks + 1 : 0](const asio::error_code& error) {
                if (!error) drain(until, looks);
            });
    }

    std::chrono::milliseconds half_the_patience() const {
        return std::chrono::milliseconds(config_.wsd.drain_timeout) / 2;
    }

    void close() {
        doorbell_listener_.reset();
        server_.stop("server_shutdown", half_the_patience(), [this] { io_.stop(); });
    }

    Config config_;
    ReadAgain read_again_;
    std::vector<int> handed_over_;  // sockets; empty: those of the configuration are opened
    ServiceManager service_;
    asio::io_context io_{1};
    hub::Hub hub_;
    Doorbell doorbell_;
    feed::Feed feed_;
    db_threads::Database database_;
    gateway::Gateway gateway_;
    transport::Server server_;
    std::optional<DoorbellListener> doorbell_listener_;
    asio::signal_set signals_;
    asio::steady_timer listen_anyway_;
    asio::steady_timer presence_tick_;
    asio::steady_timer drain_timer_;
    asio::steady_timer pulse_timer_;
    std::optional<DatabaseWatch> database_watch_;
    Stage stage_ = Stage::starting;
    std::uint64_t reloads_ = 0;
    std::uint64_t drained_ = 0;  // messages that had come at the last look
    std::chrono::microseconds loop_lag_{0};
    std::chrono::steady_clock::time_point memory_given_back_ = std::chrono::steady_clock::now();
    bool listening_ = false;
};

Daemon::Daemon(const Config& config, ReadAgain read_again)
    : impl_(std::make_unique<Impl>(config, std::move(read_again))) {}
Daemon::~Daemon() = default;
void Daemon::run() { impl_->run(); }

}  // namespace livechat
