// A token bucket: `per_second` on average, as many at once. Pure; the time comes in as a value.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace livechat::gateway {

class Rate {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Rate(std::size_t per_second)
        : per_second_(static_cast<float>(per_second)), tokens_(per_second_) {}

    // Takes a token if there is one.
    bool allows(Time now) {
        const std::chrono::duration<float> passed = now - last_;
        tokens_ = std::min(per_second_, tokens_ + passed.count() * per_second_);
        last_ = now;
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }

  private:
    float per_second_;
    float tokens_;
    Time last_{};
};

}  // namespace livechat::gateway
