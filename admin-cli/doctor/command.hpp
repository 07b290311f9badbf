// Programs of the system that are asked how things are.
#pragma once

#include <string>
#include <vector>

namespace livechat::admin {

struct Said {
    int status = 0;    // 127: there is no such program
    std::string text;  // standard output and standard error, as they came
};

// Waits for its end. Its standard input is empty.
Said run_command(const std::vector<std::string>& words);

}  // namespace livechat::admin
