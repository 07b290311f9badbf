#include "db/figures.hpp"

#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

Figures g_own;
Figures* g_figures = &g_own;
thread_local std::chrono::microseconds g_spent{0};

}  // namespace

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::lost:
            return "lost";
        case ErrorKind::in_doubt:
            return "in_doubt";
        case ErrorKind::duplicate:
            return "duplicate";
        case ErrorKind::deadlock:
            return "deadlock";
        case ErrorKind::locked:
            return "locked";
        case ErrorKind::too_large:
            return "too_large";
        case ErrorKind::other:
            break;
    }
    return "other";
}

Figures& figures() { return *g_figures; }
void count_in(Figures& figures) { g_figures = &figures; }
std::chrono::microseconds time_in_database() { return g_spent; }

StatementTimer::~StatementTimer() {
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start_);
    g_figures->statements.add(time);
    g_spent += time;
}

void count_error(ErrorKind kind) { ++g_figures->errors[static_cast<std::size_t>(kind)]; }

}  // namespace livechat::db
