// How livechat-admin ends (livechat-admin(1), "EXIT STATUS").
#pragma once

#include <stdexcept>
#include <string>

namespace livechat::admin {

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;     // it could not be done, or something is wrong
inline constexpr int kBadUsage = 2;    // the command line or the configuration
inline constexpr int kNoDatabase = 3;  // it cannot be reached, or refuses the account
inline constexpr int kNotAgreed = 4;   // no one said yes
inline constexpr int kPartlyDone = 5;  // some of it was left out, and was named

// Ends the command. what(): one sentence without a full stop that says what to do.
class Stop : public std::runtime_error {
  public:
    explicit Stop(const std::string& sentence, int status = kRefused)
        : std::runtime_error(sentence), status_(status) {}

    int status() const { return status_; }

  private:
    int status_;
};

}  // namespace livechat::admin
