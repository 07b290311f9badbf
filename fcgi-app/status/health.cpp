#include "status/health.hpp"

namespace livechat::status {
namespace {

// A check that is older than this hangs.
constexpr std::chrono::seconds kOldest{20};

}  // namespace

Verdict health(const figures::WorkerFigures::Count& workers, std::size_t stuck) {
    const std::size_t present = workers.idle + workers.busy;
    if (present == 0) return {false, "no worker is there to answer requests"};
    if (stuck >= present) return {false, "every worker is stuck in a request"};
    return {true, "ok"};
}

Verdict readiness(const Verdict& health,
                  const DatabaseCheck& database,
                  std::chrono::milliseconds age) {
    if (!health.good) return health;
    if (age > kOldest) return {false, "the database does not answer"};
    if (database.state != DatabaseState::good) return {false, database.reason};
    return {true, "ok"};
}

}  // namespace livechat::status
