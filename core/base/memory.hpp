// Memory that was used once and is free again: how much of it the process keeps from the system.
#pragma once

namespace livechat {

// Once, before threads start: few arenas, and thresholds that do not grow with what was freed once.
void keep_little_memory();

// Gives free memory back to the system where that is worth it (it may take milliseconds for each
// gigabyte, and much less if there is little). For programs to call now and then.
void give_memory_back();

}  // namespace livechat
