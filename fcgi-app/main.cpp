// livechat-fcgi: the REST API behind a web server that speaks FastCGI. Only wiring here.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>

#include "api/api.hpp"
#include "base/doorbell.hpp"
#include "base/log.hpp"
#include "base/program.hpp"
#include "base/prometheus.hpp"
#include "base/rate_table.hpp"
#include "base/service.hpp"
#include "chat/database_watch.hpp"
#include "chat/readiness.hpp"
#include "db/connection.hpp"
#include "fcgi_io/listen_socket.hpp"
#include "fcgi_io/request_loop.hpp"
#include "figures/scoreboard.hpp"
#include "figures/shared_memory.hpp"
#include "prefork/master.hpp"
#include "prefork/retirement.hpp"
#include "prefork/worker_signals.hpp"
#include "status/health.hpp"
#include "status/page_server.hpp"

namespace livechat {
namespace {

using Clock = std::chrono::steady_clock;
using fcgi_io::ListenSocket;

constexpr const char* kProgram = "livechat-fcgi";
constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::seconds kDatabaseWatch{5};
constexpr int kUnavailable = 503;
// A write that is refused after so long has waited for a lock.
constexpr std::chrono::seconds kHeld{1};

prefork::Policy policy_of(const Config& config) {
    return {.workers = config.fcgi.workers, .drain_timeout = config.fcgi.drain_timeout};
}

// kept: the listening socket has a successor of ours behind it, who serves those that wait.
fcgi_io::Stop to_stop(prefork::Leave leave, bool kept) {
    switch (leave) {
        case prefork::Leave::retire:
            return fcgi_io::Stop::retire;
        case prefork::Leave::drain:
            return kept ? fcgi_io::Stop::retire : fcgi_io::Stop::drain;
        case prefork::Leave::no:
            break;
    }
    return fcgi_io::Stop::none;
}

// In a worker: everything that belongs to one process alone is made here, after the fork.
int work(const Config& config,
         api::SharedLimits& limits,
         const ListenSocket& socket,
         figures::Scoreboard& scoreboard,
         const std::function<void()>& ready) {
    prefork::WorkerSignals signals;
    db::count_in(scoreboard.database);
    db::Connection connection(config.database);
    const Doorbell doorbell(config.doorbell.ring, config.database.password);
    const std::function<void()> committed = [&] { doorbell.ring(); };
    const api::Api api(connection, config, limits, committed);
    figures::WorkerFigures::Place place(scoreboard.workers, getpid());

    const fcgi_io::LoopOptions options{
        .listen_fd = socket.fd(),
        .wake_fd = signals.fd(),
        .stop = [&] { return to_stop(signals.leave(), socket.kept_for_successor()); },
        .max_requests = prefork::spread_requests(config.fcgi.max_requests,
                                                 static_cast<std::uint64_t>(getpid())),
        .drain_limit = config.fcgi.drain_timeout / 2,
        .answered = [&] { place.idle(); },
    };
    ready();
    fcgi_io::run_requests(options, [&](const http::Request& request) {
        const auto start = Clock::now();
        const bool writes = http::may_write(request.method);
        const bool keep = writes && scoreboard.workers.readers_need_one(start);
        place.busy(start, writes);
        auto response = api.answer(request, keep ? api::Admission::readers : api::Admission::all);
        if (writes && response.status == kUnavailable && Clock::now() - start >= kHeld) {
            scoreboard.workers.write_was_held(Clock::now());
        }
        scoreboard.requests.count(
            to_string(request.method), api.route_of(request), response.status,
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start));
        return response;
    });
    return EXIT_SUCCESS;
}

// In the process beside the workers: what monitors ask for.
int show_status(const Config& config, int listen_fd, const figures::Scoreboard& scoreboard) {
    prefork::WorkerSignals signals;
    const DatabaseWatch database(config.database, kDatabaseWatch);
    const auto health = [&] {
        const auto limit = Clock::now() - config.fcgi.request_timeout;
        return status::health(scoreboard.workers.count(),
                              scoreboard.workers.busy_since_before(limit).size());
    };
    const auto page = [](const status::Verdict& verdict) {
        return status::Page{.status = verdict.good ? 200 : 503, .body = verdict.text + "\n"};
    };
    status::serve_pages(listen_fd, signals.fd(),
                        [&](std::string_view path) -> std::optional<status::Page> {
                            if (path == "/healthz") return page(health());
                            if (path == "/readyz") {
                                const auto seen = database.seen();
                                return page(status::readiness(health(), seen.check, seen.age));
                            }
                            if (path == "/metrics") {
                                return status::Page{.content_type = PrometheusText::kContentType,
                                                    .body = figures::render(scoreboard)};
                            }
                            return std::nullopt;
                        });
    return EXIT_SUCCESS;
}

// A worker that has been at one request for too long waits for something that will not come.
void kill_stuck(const Config& config, const figures::Scoreboard& scoreboard) {
    const auto limit = Clock::now() - config.fcgi.request_timeout;
    for (const int pid : scoreboard.workers.busy_since_before(limit)) {
        log::warning("worker_stuck", {{"pid", pid}});
        kill(pid, SIGKILL);
    }
}

void count_worker(figures::WorkerFigures& workers, prefork::WorkerEvent event, prefork::Pid pid) {
    switch (event) {
        case prefork::WorkerEvent::started:
            ++workers.started;
            return;
        case prefork::WorkerEvent::left:
            ++workers.left;
            break;
        case prefork::WorkerEvent::died:
            ++workers.died;
            break;
        case prefork::WorkerEvent::killed:
            ++workers.killed;
            break;
    }
    workers.remove(pid);
}

// Whether to start: a database that is away may come back, one that is wrong does not mend itself.
// Exit status of the process that looks.
constexpr int kGood = 0;
constexpr int kUnreachable = 1;
constexpr int kWrong = 2;

int look_at_database(const Config& config) {
    return prefork::run_in_child([&] {
        const auto check = check_database_once(config.database);
        if (check.state == DatabaseState::good) return kGood;
        const bool wrong = check.state == DatabaseState::wrong;
        if (wrong) {
            log::error("database_wrong", {{"reason", check.reason}});
        } else {
            log::warning("database_unreachable", {{"reason", check.reason}});
        }
        return wrong ? kWrong : kUnreachable;
    });
}

std::string describe(const Config& config) {
    return "answering with " + std::to_string(config.fcgi.workers) + " workers";
}

void log_restart_needed(std::string_view key) {
    log::warning("restart_needed", {{"key", key}, {"reason", "it changes with a restart"}});
}

// The master: what its workers share, and what they do when something happens.
class Program {
  public:
    Program(Config config, std::function<CommandLine()> read)
        : config_(std::move(config)),
          read_(std::move(read)),
          listen_(config_.fcgi.listen),
          metrics_listen_(config_.fcgi.metrics_listen),
          socket_(ListenSocket::take_or_open(listen_)) {
        if (!metrics_listen_.empty()) status_socket_.emplace(ListenSocket::open(metrics_listen_));
        log::share_level();
    }

    int run() { return prefork::run_master(policy_of(config_), callbacks()); }

  private:
    prefork::Callbacks callbacks() {
        prefork::Callbacks callbacks{
            .work =
                [this](const std::function<void()>& ready) {
                    return work(config_, limits_, socket_, *scoreboard_, ready);
                },
            .reload = [this] { return reload(); },
            .on_running =
                [this] {
                    log::info("ready",
                              {{"listen", socket_.name()}, {"workers", config_.fcgi.workers}});
                    service_.ready(describe(config_));
                },
            .on_stop =
                [this] {
                    service_.stopping();
                    socket_.withdraw();
                    if (status_socket_) status_socket_->withdraw();
                },
            .on_worker = [this](
                             prefork::WorkerEvent event,
                             prefork::Pid pid) { count_worker(scoreboard_->workers, event, pid); },
            .on_verbose =
                [this](bool verbose) {
                    log::set_level(verbose ? log::Level::debug
                                           : log::parse_level(config_.log.level));
                    log::info("log_level", {{"level", verbose ? "debug" : config_.log.level}});
                },
            .tick_every = kTick,
            .on_tick =
                [this] {
                    kill_stuck(config_, *scoreboard_);
                    service_.alive();
                },
        };
        if (status_socket_) {
            callbacks.companion = [this] {
                return show_status(config_, status_socket_->fd(), *scoreboard_);
            };
        }
        return callbacks;
    }

    std::optional<prefork::Policy> reload() {
        service_.reloading();
        auto again = read_();
        if (again.config) {
            config_ = *std::move(again.config);
            ++scoreboard_->workers.reloads;
        }
        if (config_.fcgi.listen != listen_) log_restart_needed("fcgi.listen");
        if (config_.fcgi.metrics_listen != metrics_listen_) {
            log_restart_needed("fcgi.metrics_listen");
        }
        service_.ready(describe(config_));
        return again.config ? std::optional(policy_of(config_)) : std::nullopt;
    }

    Config config_;
    std::function<CommandLine()> read_;
    const std::string listen_;
    const std::string metrics_listen_;
    ServiceManager service_;
    // Made before the fork: workers count together, and limits count what all of them do.
    api::SharedLimits limits_;
    figures::SharedMemory<figures::Scoreboard> scoreboard_;
    ListenSocket socket_;
    std::optional<ListenSocket> status_socket_;
};

int run(int argc, char** argv) {
    const auto read = [argc, argv] {
        return read_command_line(argc, argv, kProgram, "Answers livechat's REST API over FastCGI.");
    };
    auto command_line = read();
    if (!command_line.config) return command_line.exit_code;
    const int database = look_at_database(*command_line.config);
    if (command_line.check_only) return database == kGood ? EXIT_SUCCESS : EXIT_FAILURE;
    if (database == kWrong) return EXIT_FAILURE;
    return Program(*std::move(command_line.config), read).run();
}

}  // namespace
}  // namespace livechat

int main(int argc, char** argv) {
    try {
        return livechat::run(argc, argv);
    } catch (const std::exception& error) {
        livechat::log::error("failed", {{"reason", error.what()}});
        return EXIT_FAILURE;
    }
}
