// A gateway with everything around it that a test needs: hub, backend, sockets, a clock by hand.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "domain/json.hpp"
#include "gateway/gateway.hpp"
#include "recording_socket.hpp"
#include "scripted_backend.hpp"

namespace livechat::gateway {

inline Message message_of(Seq seq) {
    return {seq, Side::client, "m" + std::to_string(seq), "2025-03-10T12:00:00.000Z", {}, false};
}

// `first` to `last`, both included.
inline std::vector<Message> messages_of(Seq first, Seq last) {
    std::vector<Message> messages;
    for (Seq seq = first; seq <= last; ++seq) messages.push_back(message_of(seq));
    return messages;
}

inline db::MessagePage page_of(Seq first, Seq last) {
    if (first > last) return {};
    return {messages_of(first, last), first, last};
}

inline std::vector<Seq> seqs_of(Seq first, Seq last) {
    std::vector<Seq> seqs;
    for (Seq seq = first; seq <= last; ++seq) seqs.push_back(seq);
    return seqs;
}

inline std::string ok_ack(std::uint64_t id) {
    return "ack " + std::to_string(id) + R"( [{"status":"ok"}])";
}

inline std::string joined_ack(std::uint64_t id, const std::string& room, Seq last_seq) {
    return "ack " + std::to_string(id) + R"( [{"status":"ok","clientId":")" + room +
           R"(","lastSeq":)" + std::to_string(last_seq) + "}]";
}

inline std::string error_args(const std::string& code, const std::string& message) {
    return R"([{"status":"error","code":")" + code + R"(","message":")" + message + R"("}])";
}

using SocketPtr = std::shared_ptr<RecordingSocket>;

inline Config configured(const Limits& limits, const std::string& mode) {
    Config config;
    config.limits = limits;
    config.auth.mode = mode;
    return config;
}

struct Stage {
    explicit Stage(const Limits& limits = {}, const std::string& mode = "open")
        : config(configured(limits, mode)) {}

    SocketPtr connect(const std::string& auth = "{}", const app::Handshake& handshake = {}) {
        auto socket = std::make_shared<RecordingSocket>();
        gateway.on_connect(socket, handshake, "/", parse_json(auth).value());
        return socket;
    }
    // A socket that was accepted, with nothing in its log.
    SocketPtr connected() {
        auto socket = connect();
        socket->news();
        return socket;
    }

    // args: the event's arguments, as JSON.
    void emit(const SocketPtr& socket,
              const std::string& event,
              const std::string& args,
              std::optional<std::uint64_t> ack_id = std::nullopt) {
        gateway.on_event(*socket, {event, parse_json(args).value(), ack_id, {}});
    }

    // The oldest of those that were to run later.
    void run_task() {
        BOOST_TEST_REQUIRE(!tasks.empty());
        auto task = std::move(tasks.front());
        tasks.erase(tasks.begin());
        task();
    }

    void disconnect(const SocketPtr& socket, const std::string& reason = "transport_closed") {
        socket->cut();
        gateway.on_disconnect(*socket, reason);
    }

    // A socket that is live in the room, with nothing in its log.
    SocketPtr member(const std::string& room, Seq last_seq = 0, hub::Position covered = 0) {
        auto socket = connected();
        emit(socket, "join", "[\"" + room + "\"]");
        answer(backend.views, RoomView{last_seq, covered, {}});
        socket->news();
        return socket;
    }

    // The feed brings a message; its notification has ten times its seq for an id.
    void publish(const std::string& room, Seq seq) {
        std::string data;
        append_new_message(data, room, message_of(seq));
        hub.publish(room, seq * 10, std::make_shared<hub::Broadcast>("new-message", data));
    }

    Config config;
    ScriptedBackend backend;
    hub::Hub hub;
    Time now = Time{} + std::chrono::hours(1);
    std::vector<std::function<void()>> tasks;  // for later
    std::vector<TypingPayload> relayed;
    std::vector<PresenceNews> news;  // for other daemons
    bool alone = true;               // there are none
    std::vector<std::string> recalled;
    Gateway gateway{
        config,
        backend,
        hub,
        {.now = [this] { return now; },
         .later = [this](auto, auto task) { tasks.push_back(std::move(task)); },
         .relay_typing = [this](const TypingPayload& payload) { relayed.push_back(payload); },
         .relay_presence = [this](const PresenceNews& told) { news.push_back(told); },
         .relay_recall =
             [this](const std::string& key) {
                 recalled.push_back(key);
                 return !alone;
             }}};
};

}  // namespace livechat::gateway
