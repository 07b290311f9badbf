// Requests by method, route and status, and how long they took: counted by all workers in memory
// that they share.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/histogram.hpp"

namespace livechat::figures {

// The statuses that are told apart; whatever else there may be counts as the last.
inline constexpr std::array<int, 17> kStatuses{200, 201, 204, 400, 401, 403, 404, 405, 409,
                                               413, 415, 422, 429, 500, 501, 503, 0};

class RequestFigures {
  public:
    // What one route has had.
    struct Route {
        std::array<std::atomic<std::uint64_t>, kStatuses.size()> by_status{};
        LatencyHistogram time;
    };

    // method, route: words of the program's own ("GET", "/api/chat/history/:clientId"), never of a
    // peer. Routes beyond kMaxRoutes count together, as the route "-".
    void count(std::string_view method,
               std::string_view route,
               int status,
               std::chrono::microseconds time);

    // Shows each route that has had a request.
    using Visit =
        std::function<void(std::string_view method, std::string_view route, const Route& figures)>;
    void for_each(const Visit& visit) const;

  private:
    static constexpr std::size_t kMaxRoutes = 96;
    static constexpr std::size_t kMethodSize = 8;
    static constexpr std::size_t kRouteSize = 64;

    // A place is taken once, by the first process, and keeps its name.
    enum class State : std::uint8_t { free, being_named, named };
    struct Place {
        std::atomic<State> state{State::free};
        std::array<char, kMethodSize> method{};
        std::array<char, kRouteSize> route{};
        Route figures;

        bool is(std::string_view wanted_method, std::string_view wanted_route) const;
        void name(std::string_view new_method, std::string_view new_route);
    };

    Route& find(std::string_view method, std::string_view route);

    std::array<Place, kMaxRoutes> places_;
    Place rest_;
};

}  // namespace livechat::figures
