#include <charconv>

#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"
#include "domain/json.hpp"
#include "domain/rules.hpp"

namespace livechat::api {
namespace {

constexpr std::uint64_t kListed = 1000;
constexpr std::int64_t kLongest = 10LL * 365 * 24 * 3600;

Result<void> permit_management(const Context& context, const http::Request& request) {
    auto caller = context.access.read(request);
    return context.access.permit(caller, {Operation::manage_access});
}

struct NewBan {
    BanKind kind;
    std::string value;
    std::string reason;
    std::optional<std::chrono::seconds> lifetime;
};

Result<NewBan> read_ban(const Json& object) {
    constexpr auto kInvalid = ErrorCode::ban_invalid;
    const auto word = required_text(object, "kind", kInvalid, kInvalid);
    if (!word) return tl::unexpected(word.error());
    const auto kind = parse_ban_kind(*word);
    if (!kind) return tl::unexpected(kind.error());
    auto value = required_text(object, "value", kInvalid, kInvalid);
    if (!value) return tl::unexpected(value.error());
    auto reason = optional_text(object, "reason", kInvalid);
    if (!reason) return tl::unexpected(reason.error());
    NewBan ban{*kind, *std::move(value), reason->value_or(""), {}};

    const auto seconds = object.find("seconds");
    if (seconds == object.end() || seconds->is_null()) return ban;
    if (!seconds->is_number_unsigned() || seconds->get<std::uint64_t>() < 1 ||
        seconds->get<std::uint64_t>() > kLongest) {
        return fail(kInvalid, "seconds is a whole number from 1 to " + std::to_string(kLongest));
    }
    ban.lifetime = std::chrono::seconds(seconds->get<std::int64_t>());
    return ban;
}

}  // namespace

Answer list_bans(const Context& context, const http::Request& request) {
    if (const auto allowed = permit_management(context, request); !allowed) {
        return tl::unexpected(to_problem(allowed.error()));
    }
    http::Response response{.body = "["};
    for (const Ban& ban : context.bans.list(kListed)) {
        if (response.body.back() != '[') response.body += ',';
        append_json(response.body, ban);
    }
    response.body += ']';
    return response;
}

Answer add_ban(const Context& context, const http::Request& request) {
    if (const auto allowed = permit_management(context, request); !allowed) {
        return tl::unexpected(to_problem(allowed.error()));
    }
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    const auto ban = read_ban(*object).and_then([&](const NewBan& wanted) {
        return context.bans.add(wanted.kind, wanted.value, wanted.reason, wanted.lifetime);
    });
    if (!ban) return tl::unexpected(to_problem(ban.error()));
    http::Response response{.status = 201};
    append_json(response.body, *ban);
    return response;
}

Answer remove_ban(const Context& context, const http::Request& request, const std::string& id) {
    if (const auto allowed = permit_management(context, request); !allowed) {
        return tl::unexpected(to_problem(allowed.error()));
    }
    // A non-numeric id matches no ban.
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error != std::errc{} || end != id.data() + id.size()) number = 0;
    const auto removed = context.bans.remove(number);
    if (!removed) return tl::unexpected(to_problem(removed.error()));
    return http::Response{.status = 204};
}

void append_json(std::string& out, const Ban& ban) {
    out += R"({"id":)" + std::to_string(ban.id);
    out += R"(,"kind":)";
    append_json_string(out, to_string(ban.kind));
    out += R"(,"value":)";
    append_json_string(out, ban.value);
    out += R"(,"reason":)";
    append_json_string(out, ban.reason);
    out += R"(,"createdAt":)";
    append_json_string(out, ban.created_at);
    out += R"(,"expiresAt":)";
    if (ban.expires_at) {
        append_json_string(out, *ban.expires_at);
    } else {
        out += "null";
    }
    out += '}';
}

}  // namespace livechat::api
