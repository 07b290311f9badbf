// How a database thread gets back to the event loop.
#pragma once

#include <functional>

namespace livechat::db_threads {

// Runs a task on the event loop's thread, soon, after those posted before it. Any thread.
using Post = std::function<void(std::function<void()>)>;

}  // namespace livechat::db_threads
