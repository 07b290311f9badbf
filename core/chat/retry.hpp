// A transaction that others got in the way of is tried again.
#pragma once

#include "db/error.hpp"

namespace livechat {

// Runs `attempt()` until it succeeds, at most kAttempts times. Repeated is what was rolled back as
// a whole: a deadlock, and a unique key that another took in between (the next attempt finds
// what they wrote). A connection that broke is tried once more, on a new one, because most often it
// broke while it was idle: `attempt` must not mind if a single statement of it runs twice. A
// COMMIT in doubt is never repeated.
template <class Attempt>
auto with_retry(Attempt attempt) {
    constexpr int kAttempts = 8;
    bool reconnected = false;
    for (int i = 1;; ++i) {
        try {
            return attempt();
        } catch (const db::Error& error) {
            const bool lost = error.kind() == db::ErrorKind::lost;
            const bool again = error.kind() == db::ErrorKind::deadlock ||
                               error.kind() == db::ErrorKind::duplicate || (lost && !reconnected);
            if (!again || i == kAttempts) throw;
            reconnected = reconnected || lost;
        }
    }
}

}  // namespace livechat
