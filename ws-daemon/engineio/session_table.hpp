// All sessions of a server by their sid, and the limits on how many there may be. Single-threaded.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace livechat::eio {

struct TableLimits {
    std::size_t sessions = 50000;
    std::size_t sessions_per_address = 50000;
};

enum class Admission : std::uint8_t { welcome, table_full, address_full };

// "<name>." names the daemon that holds the session, so that a proxy can route by the sid alone;
// without a name there is no prefix. random: of the caller's, and not to be guessed: who knows a
// sid can take over its session.
inline std::string make_sid(std::string_view daemon_name, std::string_view random) {
    std::string sid(daemon_name);
    if (!sid.empty()) sid += '.';
    return sid.append(random);
}

// Heterogeneous look-up: a sid out of a query string needs no copy.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

template <class Owner>
class SessionTable {
  public:
    explicit SessionTable(TableLimits limits) : limits_(limits) {}

    // For those who come from now on.
    void set_limits(TableLimits limits) { limits_ = limits; }

    Admission admits(std::string_view address) const {
        if (sessions_.size() >= limits_.sessions) return Admission::table_full;
        const auto count = per_address_.find(address);
        if (count != per_address_.end() && count->second >= limits_.sessions_per_address) {
            return Admission::address_full;
        }
        return Admission::welcome;
    }

    // The sid is fresh; the caller asked admits() before.
    void insert(const std::string& sid, std::string_view address, std::shared_ptr<Owner> owner) {
        ++per_address_[std::string(address)];
        sessions_.emplace(sid, std::move(owner));
    }

    std::shared_ptr<Owner> find(std::string_view sid) const {
        const auto found = sessions_.find(sid);
        return found == sessions_.end() ? nullptr : found->second;
    }

    void erase(std::string_view sid, std::string_view address) {
        const auto found = sessions_.find(sid);
        if (found == sessions_.end()) return;
        sessions_.erase(found);
        const auto count = per_address_.find(address);
        if (count != per_address_.end() && --count->second == 0) per_address_.erase(count);
    }

    std::size_t size() const { return sessions_.size(); }

    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& [sid, owner] : sessions_) visit(owner);
    }

  private:
    TableLimits limits_;
    std::unordered_map<std::string, std::shared_ptr<Owner>, TextHash, std::equal_to<>> sessions_;
    std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> per_address_;
};

}  // namespace livechat::eio
