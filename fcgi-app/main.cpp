// livechat-fcgi: the REST API behind a web server that speaks FastCGI. Only wiring here.
#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "api/api.hpp"
#include "base/doorbell.hpp"
#include "base/log.hpp"
#include "base/program.hpp"
#include "base/rate_table.hpp"
#include "db/connection.hpp"
#include "fcgi_io/listen_socket.hpp"
#include "fcgi_io/request_loop.hpp"
#include "prefork/master.hpp"
#include "prefork/retirement.hpp"
#include "prefork/worker_signals.hpp"

namespace livechat {
namespace {

constexpr const char* kProgram = "livechat-fcgi";

prefork::Policy policy_of(const Config& config) {
    return {.workers = config.fcgi.workers, .drain_timeout = config.fcgi.drain_timeout};
}

fcgi_io::Stop to_stop(prefork::Leave leave) {
    switch (leave) {
        case prefork::Leave::retire:
            return fcgi_io::Stop::retire;
        case prefork::Leave::drain:
            return fcgi_io::Stop::drain;
        case prefork::Leave::no:
            break;
    }
    return fcgi_io::Stop::none;
}

// In a worker: everything that belongs to one process alone is made here, after the fork.
int work(const Config& config,
         RateTable& rates,
         int listen_fd,
         const std::function<void()>& ready) {
    prefork::WorkerSignals signals;
    db::Connection connection(config.database);
    const Doorbell doorbell(config.doorbell.ring);
    const std::function<void()> committed = [&] { doorbell.ring(); };
    const api::Api api(connection, config, rates, committed);

    const fcgi_io::LoopOptions options{
        .listen_fd = listen_fd,
        .wake_fd = signals.fd(),
        .stop = [&] { return to_stop(signals.leave()); },
        .max_requests = prefork::spread_requests(config.fcgi.max_requests,
                                                 static_cast<std::uint64_t>(getpid())),
        .drain_limit = config.fcgi.drain_timeout / 2,
    };
    ready();
    fcgi_io::run_requests(options,
                          [&](const http::Request& request) { return api.answer(request); });
    return EXIT_SUCCESS;
}

int run(int argc, char** argv) {
    const auto read = [&] {
        return read_command_line(argc, argv, kProgram, "Answers livechat's REST API over FastCGI.");
    };
    auto command_line = read();
    if (!command_line.config) return command_line.exit_code;
    Config config = *std::move(command_line.config);
    const std::string listen = config.fcgi.listen;
    auto socket = fcgi_io::ListenSocket::take_or_open(listen);
    // Made before the fork: limits count what all workers do.
    auto rates = RateTable::shared();

    const prefork::Callbacks callbacks{
        .work =
            [&](const std::function<void()>& ready) {
                return work(config, rates, socket.fd(), ready);
            },
        .reload = [&]() -> std::optional<prefork::Policy> {
            auto again = read();
            if (!again.config) return std::nullopt;
            config = *std::move(again.config);
            if (config.fcgi.listen != listen) {
                log::warning("restart_needed", {{"key", "fcgi.listen"}});
            }
            return policy_of(config);
        },
        .on_running =
            [&] {
                log::info("ready", {{"listen", socket.name()}, {"workers", config.fcgi.workers}});
            },
        .on_stop = [&] { socket.withdraw(); },
    };
    return prefork::run_master(policy_of(config), callbacks);
}

}  // namespace
}  // namespace livechat

int main(int argc, char** argv) {
    try {
        return livechat::run(argc, argv);
    } catch (const std::exception& error) {
        livechat::log::error("failed", {{"error", error.what()}});
        return EXIT_FAILURE;
    }
}
