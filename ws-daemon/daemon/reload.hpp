// What a running livechat-wsd takes over of a configuration that was read again (SIGHUP), and what
// has to wait for a restart: base/config_keys.def says it of each key. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"

namespace livechat {

void take_over(Config& running, const Config& fresh);

// Keys of livechat-wsd that differ and that take_over() leaves as they are ("wsd.listen"), in the
// order of the documented configuration.
std::vector<std::string> keys_for_a_restart(const Config& running, const Config& fresh);

}  // namespace livechat
