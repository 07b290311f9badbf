#include "domain/allowances.hpp"

#include <utility>

#include "base/address.hpp"

namespace livechat {
namespace {

constexpr std::chrono::minutes kMinute{1};
constexpr std::chrono::hours kDay{24};

void append(Draws& draws, Draws&& more) {
    for (auto& draw : more) draws.push_back(std::move(draw));
}

// The address stands for a visitor without a token.
std::string visitor_of(const Doer& doer) {
    return doer.visitor.empty() ? peer_of(doer.address) : std::string(doer.visitor);
}

}  // namespace

Draws by_address(std::string_view kind,
                 std::string_view address,
                 const Rate& rate,
                 std::uint64_t cost) {
    Draws draws;
    if (address.empty()) return draws;
    for (auto& group : peer_groups(address)) {
        draws.push_back(
            {kind, std::move(group.name), {rate.count * group.share, rate.window}, cost});
    }
    return draws;
}

Draws to_send(const AbuseConfig& abuse,
              const Doer& doer,
              std::string_view client_id,
              std::uint64_t bytes) {
    Draws draws = by_address("send-address", doer.address, {abuse.send_per_address, kMinute});
    append(draws, by_address("send-bytes-address", doer.address,
                             {abuse.send_bytes_per_address, kMinute}, bytes));
    append(draws, by_address("send-bytes-address-day", doer.address,
                             {abuse.send_bytes_per_address_day, kDay}, bytes));
    const auto visitor = visitor_of(doer);
    draws.push_back({"send-visitor", visitor, {abuse.send_per_visitor, kMinute}});
    draws.push_back(
        {"send-bytes-visitor", visitor, {abuse.send_bytes_per_visitor, kMinute}, bytes});
    const std::string session(client_id);
    draws.push_back({"send-session", session, {abuse.send_per_session, kMinute}});
    draws.push_back({"send-session-day", session, {abuse.send_per_session_day, kDay}});
    draws.push_back(
        {"send-bytes-session-day", session, {abuse.send_bytes_per_session_day, kDay}, bytes});
    return draws;
}

Draws to_join(const AbuseConfig& abuse, const Doer& doer) {
    Draws draws = by_address("join-address", doer.address, {abuse.join_per_address, kMinute});
    draws.push_back({"join-visitor", visitor_of(doer), {abuse.join_per_visitor, kMinute}});
    return draws;
}

Draws to_mark_read(const Doer& doer) {
    // A visitor who reads along needs one for each message of an agent.
    constexpr std::uint32_t kMarks = 300;
    return {{"mark-visitor", visitor_of(doer), {kMarks, kMinute}}};
}

Draws to_open(const AbuseConfig& abuse, const Doer& doer, bool fresh) {
    Draws draws;
    if (fresh) {
        draws.push_back({"new-session", "everybody", {abuse.new_sessions, kMinute}});
        append(draws, by_address("new-session-day", doer.address,
                                 {abuse.new_sessions_per_address_day, kDay}));
    }
    append(draws,
           by_address("initialize-address", doer.address, {abuse.initialize_per_address, kMinute}));
    draws.push_back(
        {"initialize-visitor", visitor_of(doer), {abuse.initialize_per_visitor, kMinute}});
    return draws;
}

Draws to_read(const AbuseConfig& abuse, const Doer& doer, std::uint64_t bytes) {
    Draws draws = by_address("read-bytes-address", doer.address,
                             {abuse.read_bytes_per_address, kMinute}, bytes);
    draws.push_back(
        {"read-bytes-visitor", visitor_of(doer), {abuse.read_bytes_per_visitor, kMinute}, bytes});
    return draws;
}

}  // namespace livechat
