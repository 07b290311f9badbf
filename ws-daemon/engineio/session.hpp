// One Engine.IO v4 session: long-polling, upgrade to WebSocket, heartbeats (docs/protocol.md,
// "Engine.IO"). It touches no socket and no clock: requests, frames and the time come in as values,
// and what is to be done comes out as Effects. Not thread-safe; one thread owns it.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/close_reason.hpp"
#include "engineio/heartbeat.hpp"
#include "engineio/packet.hpp"
#include "engineio/request_error.hpp"
#include "engineio/timed_state.hpp"

namespace livechat::eio {

enum class Transport : std::uint8_t { polling, websocket };

struct SessionSettings {
    Milliseconds ping_interval{25000};
    Milliseconds ping_timeout{20000};
    Milliseconds upgrade_timeout{10000};
    std::size_t max_payload = 1'000'000;     // bytes of a frame or polling body, from the client
    std::size_t max_packets = 16384;         // in one polling body
    std::size_t max_buffered = 1024 * 1024;  // bytes that wait for a poll
};

// What the transport has to do after an input, in this order. The vectors keep their capacity, so
// one Effects that is cleared between inputs costs no allocation in the steady state.
struct Effects {
    std::optional<Answer> poll;         // for the poll that was waiting
    std::optional<Answer> post;         // for the POST that was taken in earlier
    std::vector<SharedFrame> frames;    // to write to the session's WebSocket
    std::vector<Packet> messages;       // for the application
    std::optional<Answer> request;      // for the request that is the input
    bool close_websocket = false;       // end the WebSocket; the session goes on unless closed
    std::optional<CloseReason> closed;  // the session is over: tell the application, once

    void clear();
};

class Session {
  public:
    // Starts the heartbeat at `now`. settings must outlive the session.
    Session(std::string sid, const SessionSettings& settings, Transport transport, Time now);

    // Bytes that wait for a poll.
    std::size_t queued() const { return queued_bytes_; }
    const std::string& sid() const { return sid_; }
    Transport transport() const { return transport_; }
    bool closed() const { return state_ == State::draining || state_ == State::finished; }
    // Nothing is left to be told to the peer: forget the session.
    bool finished() const { return state_ == State::finished; }

    // The handshake's answer, "0{…}".
    std::string open_packet() const;

    // A GET. Without effects.request it waits, and a later effects.poll answers it.
    void on_poll(Time now, Effects& effects);
    // The connection of the waiting poll is gone.
    void on_poll_gone(Effects& effects);

    // A POST in two steps: its head, then its whole body. If the head is answered, no body follows.
    // Without an answer to the body a later effects.post answers it.
    void on_post_head(Time now, std::size_t content_length, Effects& effects);
    // most_packets: in this body, of this client, if fewer than the settings allow.
    void on_post_body(std::string_view body,
                      Time now,
                      Effects& effects,
                      std::size_t most_packets = std::numeric_limits<std::size_t>::max());
    void on_post_gone();
    // Between on_post_body and its answer being given: the client sends too fast, and has to wait
    // until then before it may send more. True: keep the POST, effects.post will answer it.
    bool hold_post(Time until, Effects& effects);
    // The same for a client whose WebSocket is not read until then.
    void excuse(Time until) { heartbeat_.excuse(until); }

    // A WebSocket came with this sid. False: it is one too many, close it; it has no part in the
    // session. True: its frames and its end are inputs from now on.
    bool on_websocket(Time now);
    void on_frame(std::string data, bool binary, Time now, Effects& effects);
    void on_websocket_gone(Time now, Effects& effects);

    // Queues a message. On a WebSocket it comes out at once; for a poll, at the next flush().
    void send(SharedFrame frame, Effects& effects);
    // Answers the waiting poll with all that is queued. Called when the application has said all
    // that it had to say, so that it goes out as one body.
    void flush(Time now, Effects& effects);
    void close(CloseReason reason, Time now, Effects& effects);

    // To be called at wake_at() or later.
    void on_time(Time now, Effects& effects);
    Time wake_at() const;

  private:
    enum class State : std::uint8_t {
        open,
        leaving,   // the peer sent close over POST; its poll may still be on the way
        draining,  // closed by us; the next poll takes what is queued
        finished,
    };
    enum class Upgrade : std::uint8_t { none, attached, probed };
    enum class Poll : std::uint8_t { away, waiting };
    enum class Post : std::uint8_t { none, coming, held };

    void take(Packet packet, Time now, Effects& effects);
    void take_probe_frame(std::string_view data, bool binary, Time now, Effects& effects);
    void probe(Time now, Effects& effects);
    void complete_upgrade(Time now, Effects& effects);
    void abandon_upgrade(Time now, Effects& effects);
    void leave(Time now, Effects& effects);
    void finish_leaving(Effects& effects);
    void beat(Time now, Effects& effects);
    void end(CloseReason reason, Effects& effects);
    void expect_poll(Time now);
    void answer_waiting_poll(std::string body, Time now, Effects& effects);
    std::string take_payload();

    std::string sid_;
    const SessionSettings* settings_;
    std::vector<SharedFrame> queue_;
    std::size_t queued_bytes_ = 0;
    Heartbeat heartbeat_;
    TimedState<State> state_{State::open};  // what ends leaving and draining
    TimedState<Upgrade> upgrade_{Upgrade::none};
    TimedState<Poll> poll_;  // away: until it must have come; waiting: until it is answered anyway
    Transport transport_;
    TimedState<Post> post_{Post::none};  // held: until it is answered
};

}  // namespace livechat::eio
