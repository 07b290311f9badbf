// A worker's requests, one at a time, by libfcgi. The only includer of fcgiapp.h is its source.
//
// The worker waits on the non-blocking listening socket itself and lets libfcgi accept only when
// a client is there: libfcgi's own wait has a window in which SIGTERM goes unnoticed.
// Every connection serves one request. A web server that asks to keep it (fastcgi_keep_conn) finds
// it closed: a worker that waited on an idle one would be lost to everybody else.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace livechat::fcgi_io {

// How the loop is told to end. The signal handler of the worker writes it.
enum class Stop {
    none,
    retire,  // others go on to accept: end with the request in hand
    drain,   // no one does: answer also those who wait in the backlog
};

struct LoopOptions {
    int listen_fd = 0;
    int wake_fd = -1;                             // readable as soon as stop() is no longer `none`
    std::function<Stop()> stop;                   // looked at between two requests
    std::size_t max_requests = 0;                 // end after so many; 0: never
    std::chrono::milliseconds drain_limit{5000};  // how long Stop::drain may accept
    // Called when all of an answer is on its way, however slowly the web server took it.
    std::function<void()> answered = [] {};
};

// The request is good until the handler returns. Must not throw.
using RequestHandler = std::function<http::Response(const http::Request&)>;

// Returns when it was told to stop or has answered max_requests. Throws std::system_error when the
// listening socket fails.
void run_requests(const LoopOptions& options, const RequestHandler& handler);

}  // namespace livechat::fcgi_io
