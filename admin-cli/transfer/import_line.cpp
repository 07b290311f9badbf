#include "transfer/import_line.hpp"

#include <utility>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "domain/rules.hpp"
#include "transfer/timestamp.hpp"

namespace livechat::admin {
namespace {

constexpr std::size_t kRemembered = 5000;

tl::unexpected<std::string> bad(std::string what) { return tl::unexpected(std::move(what)); }

// nullptr: not there, or null.
const Json* member(const Json& object, const char* name) {
    const auto place = object.find(name);
    return place == object.end() || place->is_null() ? nullptr : &*place;
}

tl::expected<std::string, std::string> read_text(const Json& object, const char* name) {
    const auto* value = member(object, name);
    if (!value) return bad(std::string(name) + " is missing");
    if (!value->is_string()) return bad(std::string(name) + " is a string");
    return value->get<std::string>();
}

tl::expected<std::optional<std::string>, std::string> read_time(const Json& object) {
    const auto* value = member(object, "createdAt");
    if (!value) return std::nullopt;
    std::optional<std::string> time;
    if (value->is_string()) time = parse_time(value->get_ref<const std::string&>());
    if (value->is_number()) time = time_of_epoch(value->get<double>());
    if (!time) {
        return bad(
            "createdAt is a time like \"2025-03-10T12:00:00.000Z\", or seconds or milliseconds "
            "since"
            " 1970");
    }
    return time;
}

tl::expected<bool, std::string> read_flag(const Json& object, const char* name) {
    const auto* value = member(object, name);
    if (!value) return false;
    if (!value->is_boolean()) return bad(std::string(name) + " is true or false");
    return value->get<bool>();
}

tl::expected<NewMessage, std::string> read_message(const Json& object, const Limits& limits) {
    NewMessage message;
    const auto sender = read_text(object, "sender");
    if (!sender) return bad(sender.error());
    const auto side = rules::parse_side(*sender);
    if (!side) return bad(side.error().message);
    message.sender = *side;
    auto text = read_text(object, "message");
    if (!text) return bad(text.error());
    message.text = *std::move(text);
    const auto erased = read_flag(object, "erased");
    if (!erased) return bad(erased.error());
    if (!(*erased && message.text.empty())) {
        if (auto good = rules::check_text(message.text, limits); !good)
            return bad(good.error().message);
    }
    if (member(object, "messageId")) {
        auto id = read_text(object, "messageId");
        if (!id) return bad(id.error());
        if (auto good = rules::check_message_id(*id, limits); !good)
            return bad(good.error().message);
        message.message_id = *std::move(id);
    }
    return message;
}

}  // namespace

ImportLine parse_import_line(std::string_view line, const Limits& limits) {
    const auto object = parse_json(line);
    if (!object || !object->is_object()) return bad("it is no JSON object");
    ImportItem item;
    auto client_id = read_text(*object, "clientId");
    if (!client_id) return bad(client_id.error());
    item.client_id = *std::move(client_id);
    if (auto good = rules::check_client_id(item.client_id, limits); !good) {
        return bad(good.error().message);
    }
    auto time = read_time(*object);
    if (!time) return bad(time.error());
    item.created_at = *std::move(time);

    if (member(*object, "message") || member(*object, "sender")) {
        auto message = read_message(*object, limits);
        if (!message) return bad(message.error());
        message->client_id = item.client_id;
        item.message = *std::move(message);
        if (const auto* seq = member(*object, "seq"); seq && seq->is_number_unsigned()) {
            item.seq = seq->get<Seq>();
        }
        const auto read = read_flag(*object, "read");
        if (!read) return bad(read.error());
        item.read = *read;
        return item;
    }
    if (member(*object, "status")) {
        const auto status = read_text(*object, "status");
        if (!status) return bad(status.error());
        if (*status == "active")
            item.status = SessionStatus::active;
        else if (*status == "closed")
            item.status = SessionStatus::closed;
        else
            return bad("status is active or closed");
    }
    return item;
}

void MessageNames::name(ImportItem& item, std::uint64_t line) {
    if (!item.message || item.message->message_id) return;
    constexpr std::size_t kHashBytes = 24;
    std::string key = item.client_id;
    key += '\0';
    key += to_string(item.message->sender);
    key += '\0';
    key += item.created_at ? *item.created_at : "line " + std::to_string(line);
    key += '\0';
    key += item.message->text;
    const auto hash = sha256(key).substr(0, kHashBytes);
    item.message->message_id = "import-" + base64url(hash);
    const auto before = occurrence(hash);
    if (before > 0) *item.message->message_id += "-" + std::to_string(before);
}

std::uint64_t MessageNames::occurrence(const std::string& key) {
    auto found = recent_.find(key);
    if (found != recent_.end()) return ++found->second;
    if (recent_.size() >= kRemembered) older_ = std::exchange(recent_, {});
    const auto older = older_.find(key);
    const auto count = older == older_.end() ? 0 : older->second + 1;
    recent_.emplace(key, count);
    return count;
}

}  // namespace livechat::admin
