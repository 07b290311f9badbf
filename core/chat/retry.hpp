// A transaction that others got in the way of is tried again.
#pragma once

#include "db/error.hpp"

namespace livechat {

// Runs `attempt()` until it succeeds, at most kAttempts times. Only what was rolled back as a whole
// is repeated: a deadlock, and a unique key that somebody else took in between (the next attempt
// finds what they wrote).
template <class Attempt>
auto with_retry(Attempt attempt) {
    constexpr int kAttempts = 8;
    for (int i = 1;; ++i) {
        try {
            return attempt();
        } catch (const db::Error& error) {
            const bool again =
                error.kind() == db::ErrorKind::deadlock || error.kind() == db::ErrorKind::duplicate;
            if (!again || i == kAttempts) throw;
        }
    }
}

}  // namespace livechat
