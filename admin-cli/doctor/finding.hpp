// What the doctor has to say: each finding with what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace livechat::admin {

enum class Grade : std::uint8_t {
    good,
    notice,  // it works; one should know, or could do better
    bad,     // it does not work, or is not safe
};

struct Finding {
    Grade grade = Grade::good;
    std::string what;    // a sentence without a full stop
    std::string advice;  // empty if good
};

using Findings = std::vector<Finding>;

inline Finding good(std::string what) { return {Grade::good, std::move(what), {}}; }
inline Finding notice(std::string what, std::string advice) {
    return {Grade::notice, std::move(what), std::move(advice)};
}
inline Finding bad(std::string what, std::string advice) {
    return {Grade::bad, std::move(what), std::move(advice)};
}

}  // namespace livechat::admin
