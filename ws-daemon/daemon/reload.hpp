// What a running livechat-wsd takes over of a configuration that was read again (SIGHUP), and what
// has to wait for a restart. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"

namespace livechat {

// Limits of all kinds, the log, who may connect, and how long a stop may take.
void take_over(Config& running, const Config& fresh);

// Keys of livechat-wsd that differ and that take_over() leaves as they are ("wsd.listen"), in the
// order of the documented configuration. Sections that only change as a whole are named as such
// ("[feed]").
std::vector<std::string> keys_for_a_restart(const Config& running, const Config& fresh);

}  // namespace livechat
