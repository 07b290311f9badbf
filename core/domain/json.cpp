#include "domain/json.hpp"

#include "base/json.hpp"

namespace livechat {
namespace {

// Appends `"name":` after what separates it from the member before.
void append_name(std::string& out, std::string_view name) {
    const char last = out.empty() ? '{' : out.back();
    if (last != '{' && last != '[') out += ',';
    out += '"';
    out += name;
    out += "\":";
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
    append_name(out, name);
    append_json_string(out, value);
}

// For values that need no escape: times and our own words.
void append_word(std::string& out, std::string_view name, std::string_view value) {
    append_name(out, name);
    out += '"';
    out += value;
    out += '"';
}

void append_number(std::string& out, std::string_view name, std::uint64_t value) {
    append_name(out, name);
    out += std::to_string(value);
}

void append_optional(std::string& out,
                     std::string_view name,
                     const std::optional<std::string>& value) {
    if (value) append_text(out, name, *value);
}

void append_erased(std::string& out, const Message& message) {
    if (!message.erased()) return;
    append_name(out, "erased");
    out += "true";
}

}  // namespace

void append_json(std::string& out, const Message& message) {
    out += '{';
    append_text(out, "message", message.text);
    append_word(out, "sender", to_string(message.sender));
    append_word(out, "createdAt", message.created_at);
    append_number(out, "seq", message.seq);
    append_optional(out, "messageId", message.message_id);
    append_name(out, "read");
    out += message.read ? "true" : "false";
    append_erased(out, message);
    out += '}';
}

void append_json(std::string& out, std::span<const Message> messages) {
    out += '[';
    for (const Message& message : messages) {
        if (out.back() != '[') out += ',';
        append_json(out, message);
    }
    out += ']';
}

void append_json(std::string& out, const Session& session) {
    out += '{';
    append_text(out, "clientId", session.client_id);
    append_word(out, "status", to_string(session.status));
    append_name(out, "lastMessage");
    if (const auto& last = session.last_message) {
        out += '{';
        append_text(out, "message", last->text);
        append_word(out, "createdAt", last->created_at);
        append_word(out, "sender", to_string(last->sender));
        append_number(out, "seq", last->seq);
        append_erased(out, *last);
        out += '}';
    } else {
        out += "null";
    }
    append_name(out, "unread");
    out += '{';
    append_number(out, "client", session.unread_client);
    append_number(out, "admin", session.unread_admin);
    out += '}';
    append_word(out, "createdAt", session.created_at);
    if (session.waiting_since) append_word(out, "waitingSince", *session.waiting_since);
    if (session.visitor) {
        append_name(out, "visitor");
        append_json(out, *session.visitor);
    }
    out += '}';
}

void append_sent_members(std::string& out, const Sent& sent) {
    append_number(out, "seq", sent.seq);
    append_word(out, "createdAt", sent.created_at);
    append_name(out, "messageId");
    if (sent.message_id) {
        append_json_string(out, *sent.message_id);
    } else {
        out += "null";
    }
}

void append_new_message(std::string& out, std::string_view client_id, const Message& message) {
    out += '{';
    append_text(out, "clientId", client_id);
    append_text(out, "message", message.text);
    append_word(out, "sender", to_string(message.sender));
    append_word(out, "createdAt", message.created_at);
    append_number(out, "seq", message.seq);
    append_optional(out, "messageId", message.message_id);
    append_erased(out, message);
    out += '}';
}

}  // namespace livechat
