#include "gateway/payload.hpp"

#include "base/json.hpp"
#include "domain/rules.hpp"

namespace livechat::gateway {
namespace {

constexpr std::uint64_t kMaxSafeInteger = (std::uint64_t{1} << 53) - 1;  // JavaScript's

const app::Json& first(const app::Json& args) {
    static const app::Json none;
    return args.empty() ? none : args.front();
}

const app::Json& member(const app::Json& object, const char* name) {
    static const app::Json none;
    const auto place = object.find(name);
    return place == object.end() ? none : *place;
}

Result<const app::Json*> read_object(const app::Json& args) {
    const auto& payload = first(args);
    if (!payload.is_object())
        return fail(ErrorCode::invalid_payload, "the payload must be an object");
    return &payload;
}

Result<std::string> read_client_id(const app::Json& value, const Limits& limits) {
    if (value.is_null()) return fail(ErrorCode::client_id_required, "clientId is required");
    if (!value.is_string()) return fail(ErrorCode::client_id_invalid, "clientId is a string");
    auto client_id = value.get<std::string>();
    if (auto allowed = rules::check_client_id(client_id, limits); !allowed) {
        return tl::unexpected(allowed.error());
    }
    return client_id;
}

Result<Side> read_side(const app::Json& value) {
    return rules::parse_side(value.is_string() ? value.get_ref<const std::string&>() : "");
}

Result<Seq> read_seq(const app::Json& value) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMaxSafeInteger) {
        return fail(ErrorCode::seq_invalid, "after is a whole number from 0");
    }
    return value.get<Seq>();
}

Result<bool> read_flag(const app::Json& object, const char* name) {
    const auto& flag = member(object, name);
    if (flag.is_null()) return false;
    if (!flag.is_boolean()) {
        return fail(ErrorCode::invalid_payload, std::string(name) + " is true or false");
    }
    return flag.get<bool>();
}

}  // namespace

std::string typing_data(const TypingPayload& payload) {
    std::string data = "{\"clientId\":";
    append_json_string(data, payload.client_id);
    data += payload.is_typing ? ",\"isTyping\":true" : ",\"isTyping\":false";
    data += ",\"sender\":\"";
    data += to_string(payload.sender);
    data += "\"}";
    return data;
}

Result<JoinPayload> read_join(const app::Json& args, const Limits& limits) {
    const auto& payload = first(args);
    const bool object = payload.is_object();
    auto client_id = read_client_id(object ? member(payload, "clientId") : payload, limits);
    if (!client_id) return tl::unexpected(client_id.error());
    JoinPayload join{*std::move(client_id), std::nullopt, std::nullopt};
    if (!object) return join;
    if (const auto& after = member(payload, "after"); !after.is_null()) {
        const auto seq = read_seq(after);
        if (!seq) return tl::unexpected(seq.error());
        join.after = *seq;
    }
    if (const auto& epoch = member(payload, "epoch"); epoch.is_string()) {
        join.epoch = epoch.get<std::string>();
    }
    return join;
}

Result<NewMessage> read_message(const app::Json& args, const Limits& limits) {
    const auto object = read_object(args);
    if (!object) return tl::unexpected(object.error());
    const auto& payload = **object;
    NewMessage message;
    if (auto client_id = read_client_id(member(payload, "clientId"), limits)) {
        message.client_id = *std::move(client_id);
    } else {
        return tl::unexpected(client_id.error());
    }
    const auto& text = member(payload, "message");
    if (text.is_null()) return fail(ErrorCode::message_required, "message is required");
    if (!text.is_string()) return fail(ErrorCode::message_invalid, "message is a string");
    message.text = text.get<std::string>();
    const auto sender = read_side(member(payload, "sender"));
    if (!sender) return tl::unexpected(sender.error());
    message.sender = *sender;
    if (const auto& id = member(payload, "messageId"); !id.is_null()) {
        if (!id.is_string()) return fail(ErrorCode::message_id_invalid, "messageId is a string");
        message.message_id = id.get<std::string>();
    }
    if (auto allowed = rules::check(message, limits); !allowed) {
        return tl::unexpected(allowed.error());
    }
    return message;
}

Result<TypingPayload> read_typing(const app::Json& args, const Limits& limits) {
    const auto object = read_object(args);
    if (!object) return tl::unexpected(object.error());
    auto client_id = read_client_id(member(**object, "clientId"), limits);
    if (!client_id) return tl::unexpected(client_id.error());
    const auto& is_typing = member(**object, "isTyping");
    if (!is_typing.is_boolean()) {
        return fail(ErrorCode::invalid_payload, "isTyping is true or false");
    }
    const auto sender = read_side(member(**object, "sender"));
    if (!sender) return tl::unexpected(sender.error());
    return TypingPayload{*std::move(client_id), is_typing.get<bool>(), *sender};
}

Result<ReadPayload> read_mark_read(const app::Json& args, const Limits& limits) {
    const auto object = read_object(args);
    if (!object) return tl::unexpected(object.error());
    auto client_id = read_client_id(member(**object, "clientId"), limits);
    if (!client_id) return tl::unexpected(client_id.error());
    const auto reader = read_side(member(**object, "sender"));
    if (!reader) return tl::unexpected(reader.error());
    return ReadPayload{*std::move(client_id), *reader};
}

Result<WatchPayload> read_watch(const app::Json& args) {
    const auto& payload = first(args);
    if (!payload.is_object()) return WatchPayload{};
    const auto presence = read_flag(payload, "presence");
    if (!presence) return tl::unexpected(presence.error());
    const auto typing = read_flag(payload, "typing");
    if (!typing) return tl::unexpected(typing.error());
    const auto away = read_flag(payload, "away");
    if (!away) return tl::unexpected(away.error());
    return WatchPayload{*presence, *typing, *away};
}

Result<std::string> read_leave(const app::Json& args, const Limits& limits) {
    const auto& payload = first(args);
    return read_client_id(payload.is_object() ? member(payload, "clientId") : payload, limits);
}

}  // namespace livechat::gateway
