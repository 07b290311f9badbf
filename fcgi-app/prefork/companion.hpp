// When the one process beside the workers is started: at once, and again a second after it has
// ended. Pure; master.cpp forks.
#pragma once

#include <chrono>
#include <optional>

#include "prefork/supervisor.hpp"

namespace livechat::prefork {

class Companion {
  public:
    // wanted: whether there is to be one at all.
    explicit Companion(bool wanted) : wanted_(wanted) {}

    bool due(TimePoint now) const { return wanted_ && pid_ == 0 && now >= not_before_; }
    std::optional<TimePoint> wake_at() const {
        return wanted_ && pid_ == 0 ? std::optional(not_before_) : std::nullopt;
    }

    void on_started(Pid pid) { pid_ = pid; }
    void on_start_failed(TimePoint now) { not_before_ = now + kPause; }
    // asked: by replace() or stop(). False: it was another process.
    bool on_exit(Pid pid, TimePoint now) {
        if (pid == 0 || pid != pid_) return false;
        pid_ = 0;
        not_before_ = asked_ ? now : now + kPause;
        asked_ = false;
        return true;
    }

    // Whom to ask to leave, if anybody; its successor starts when it is gone.
    std::optional<Pid> replace() {
        if (pid_ == 0) return std::nullopt;
        asked_ = true;
        return pid_;
    }
    std::optional<Pid> stop() {
        wanted_ = false;
        return pid_ == 0 ? std::nullopt : std::optional(pid_);
    }

  private:
    static constexpr std::chrono::seconds kPause{1};

    bool wanted_;
    bool asked_ = false;
    Pid pid_ = 0;
    TimePoint not_before_{};
};

}  // namespace livechat::prefork
