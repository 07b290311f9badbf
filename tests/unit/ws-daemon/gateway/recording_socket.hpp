// A socket that writes down, in order, what the gateway and the hub do to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/socket.hpp"
#include "base/json.hpp"
#include "domain/types.hpp"

namespace livechat::gateway {

class RecordingSocket : public app::Socket {
  public:
    void accept(std::string_view pid) override {
        accepted_pid = pid;
        log.emplace_back("accept");
    }
    void refuse(std::string_view message, const app::Json& data) override {
        log.push_back("refuse " + std::string(message) + " " + data.dump());
        connected_ = false;
    }
    void emit(std::string_view event, const app::Json& args, app::Attachments) override {
        if (connected_) log.push_back("emit " + std::string(event) + " " + args.dump());
    }
    void emit_with_ack(std::string_view event, const app::Json& args, AckHandler) override {
        emit(event, args, {});
    }
    void acknowledge(std::uint64_t ack_id, const app::Json& args, app::Attachments) override {
        if (connected_) log.push_back("ack " + std::to_string(ack_id) + " " + args.dump());
    }
    void disconnect(bool close_connection, std::string_view reason) override {
        log.push_back((close_connection ? "close " : "disconnect ") + std::string(reason));
        connected_ = false;
    }
    std::size_t queued() const override { return queued_bytes; }
    bool has_room() const override { return room; }
    bool connected() const override { return connected_; }
    void deliver(const hub::SharedBroadcast& broadcast) override {
        if (!connected_) return;
        log.push_back(broadcast->event() + " " + broadcast->data());
        offset = broadcast->offset();
        if (broadcast->event() != "new-message") return;
        seqs.push_back(parse_json(broadcast->data()).value()["seq"].get<Seq>());
    }

    // The peer has gone.
    void cut() { connected_ = false; }

    // What was written since the last call.
    std::vector<std::string> news() { return std::exchange(log, {}); }

    std::vector<std::string> log;
    std::vector<Seq> seqs;  // of the messages delivered
    std::string accepted_pid;
    std::size_t queued_bytes = 0;  // that the peer has not read
    bool room = true;              // for an event of a room
    std::string offset;            // of the last event

  private:
    bool connected_ = true;
};

}  // namespace livechat::gateway
