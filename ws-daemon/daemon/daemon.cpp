#include "daemon/daemon.hpp"

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
#include <utility>
#include <vector>

#include "base/doorbell.hpp"
#include "base/log.hpp"
#include "base/prometheus.hpp"
#include "daemon/doorbell_listener.hpp"
#include "daemon/metrics.hpp"
#include "db_threads/database.hpp"
#include "feed/feed.hpp"
#include "gateway/gateway.hpp"
#include "gateway/presence_relay.hpp"
#include "gateway/typing_relay.hpp"
#include "hub/hub.hpp"
#include "transport/server.hpp"

namespace livechat {
namespace {

// How long the first clients wait for a database that does not answer.
constexpr std::chrono::seconds kFeedPatience{2};
constexpr std::chrono::milliseconds kPresenceTick{250};

transport::Settings server_settings(const WsdConfig& config, const AuthConfig& auth) {
    transport::Settings settings;
    settings.allowed_origins = auth.allowed_origins;
    settings.daemon_name = config.name;
    settings.ping_interval = config.ping_interval;
    settings.ping_timeout = config.ping_timeout;
    settings.upgrade_timeout = config.upgrade_timeout;
    settings.connect_timeout = config.connect_timeout;
    settings.max_payload = config.max_payload;
    settings.max_write_buffer = config.max_write_buffer;
    settings.max_sessions = config.max_sessions;
    settings.max_sessions_per_address = config.max_sessions_per_address;
    settings.trust_proxy = config.trust_proxy;
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
    explicit Impl(const Config& config)
        : config_(config),
          doorbell_(bells_of_others(config.doorbell)),
          feed_(config.database, config.feed, listener()),
          database_(
              config, [this](auto task) { asio::post(io_, std::move(task)); }, consequences()),
          gateway_(config_, database_, hub_, surroundings()),
          server_(io_, gateway_, server_settings(config.wsd, config.auth)),
          signals_(io_, SIGTERM, SIGINT),
          listen_anyway_(io_),
          presence_tick_(io_) {
        if (!config.doorbell.listen.empty()) {
            doorbell_listener_.emplace(
                io_, config.doorbell.listen,
                DoorbellListener::Ears{
                    .rung = [this] { feed_.poke(); },
                    .told = [this](std::string_view datagram) { hear(datagram); },
                });
        }
    }

    void run() {
        signals_.async_wait([this](const asio::error_code& error, int) {
            if (!error) stop();
        });
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
        };
    }

    // Another daemon tells who types or who is there; our own datagrams come back to us as well.
    void hear(std::string_view datagram) {
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
            const auto endpoint = server_.listen_pages(
                metrics, [this](const auto& request) { return page(request); });
            log::info("metrics", {{"listen", endpoint}});
        }
        for (const auto& endpoint : config_.wsd.listen) {
            log::info("ready", {{"name", config_.wsd.name}, {"listen", server_.listen(endpoint)}});
        }
    }

    std::optional<transport::HttpReply> page(const transport::HttpRequest& request) const {
        if (request.path() != "/metrics") return std::nullopt;
        transport::HttpReply reply;
        reply.content_type = PrometheusText::kContentType;
        reply.body = render_metrics({server_.counters(), hub_, feed_.figures(), database_});
        return reply;
    }

    void stop() {
        listening_ = true;
        log::info("stopping");
        listen_anyway_.cancel();
        presence_tick_.cancel();
        doorbell_listener_.reset();
        server_.stop("server_shutdown", config_.wsd.drain_timeout, [this] { io_.stop(); });
    }

    const Config config_;
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
    bool listening_ = false;
};

Daemon::Daemon(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
Daemon::~Daemon() = default;
void Daemon::run() { impl_->run(); }

}  // namespace livechat
