#include "figures/request_figures.hpp"

#include <algorithm>
#include <thread>

namespace livechat::figures {
namespace {

template <std::size_t Size>
std::string_view text_of(const std::array<char, Size>& name) {
    return {name.data(), static_cast<std::size_t>(std::ranges::find(name, '\0') - name.begin())};
}

template <std::size_t Size>
void copy_text(std::array<char, Size>& name, std::string_view text) {
    text.copy(name.data(), Size);  // the rest is zero already
}

std::size_t index_of(int status) {
    const auto found = std::ranges::find(kStatuses, status);
    return std::min(static_cast<std::size_t>(found - kStatuses.begin()), kStatuses.size() - 1);
}

}  // namespace

bool RequestFigures::Place::is(std::string_view wanted_method,
                               std::string_view wanted_route) const {
    return text_of(method) == wanted_method.substr(0, kMethodSize) &&
           text_of(route) == wanted_route.substr(0, kRouteSize);
}

void RequestFigures::Place::name(std::string_view new_method, std::string_view new_route) {
    copy_text(method, new_method);
    copy_text(route, new_route);
    state.store(State::named, std::memory_order_release);
}

RequestFigures::Route& RequestFigures::find(std::string_view method, std::string_view route) {
    for (Place& place : places_) {
        auto state = place.state.load(std::memory_order_acquire);
        if (state == State::free &&
            place.state.compare_exchange_strong(state, State::being_named)) {
            place.name(method, route);
            return place.figures;
        }
        // Another process writes the name, which takes a moment. One that died at it leaves a place
        // that belongs to none.
        for (int i = 0; i < 1000 && state == State::being_named; ++i) {
            std::this_thread::yield();
            state = place.state.load(std::memory_order_acquire);
        }
        if (state == State::named && place.is(method, route)) return place.figures;
    }
    auto state = rest_.state.load(std::memory_order_acquire);
    if (state == State::free && rest_.state.compare_exchange_strong(state, State::being_named)) {
        rest_.name("-", "-");
    }
    return rest_.figures;
}

void RequestFigures::count(std::string_view method,
                           std::string_view route,
                           int status,
                           std::chrono::microseconds time) {
    Route& figures = find(method, route);
    figures.by_status[index_of(status)].fetch_add(1, std::memory_order_relaxed);
    figures.time.add(time);
}

void RequestFigures::for_each(const Visit& visit) const {
    const auto show = [&](const Place& place) {
        if (place.state.load(std::memory_order_acquire) != State::named) return;
        visit(text_of(place.method), text_of(place.route), place.figures);
    };
    std::ranges::for_each(places_, show);
    show(rest_);
}

}  // namespace livechat::figures
