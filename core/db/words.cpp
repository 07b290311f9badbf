#include "db/words.hpp"

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "db/figures.hpp"

namespace livechat::db {
namespace {

constexpr std::size_t kMaxLogged =
    100;  // so that a column of free text fills neither memory nor log

}  // namespace

void note_unknown(std::string_view column, std::string_view word) {
    static std::mutex mutex;
    static std::set<std::pair<std::string, std::string>> logged;
    ++figures().unknown_words;
    const std::lock_guard lock(mutex);
    if (logged.size() >= kMaxLogged) return;
    if (!logged.emplace(column, word).second) return;
    log::warning("unknown_word", {{"column", column},
                                  {"word", word},
                                  {"reason",
                                   "a newer version may have written it; it reaches no"
                                   " one"}});
}

}  // namespace livechat::db
