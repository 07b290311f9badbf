// Property: whatever two ends of the protocol say to each other, in whatever way it is carried and
// whenever the session is upgraded, comes out whole, once and in order. Both ends run here, in
// simulated time. LIVECHAT_CONVERSATIONS sets how many random conversations are held, LIVECHAT_SEED
// the first one.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engineio/session.hpp"
#include "socketio/connection.hpp"

namespace livechat {
namespace {

using eio::Milliseconds;

unsigned long from_environment(const char* name, unsigned long fallback) {
    const char* text = std::getenv(name);
    return text ? std::strtoul(text, nullptr, 10) : fallback;
}

const eio::SessionSettings kSettings{};

// A client that keeps the rules, and a server that echoes, with a network between them that
// delivers in order on each connection.
class Conversation {
  public:
    explicit Conversation(unsigned long seed) : random_(seed), finishes_(pick(0, 2) > 0) {
        to_server("40");
    }

    void hold() {
        const int steps = pick(5, 60);
        for (int i = 0; i < steps; ++i) step();
        for (int i = 0; !settled(); ++i) {
            if (i == kPatience) return fail();
            settle();
        }
    }

    bool broken() const { return broken_; }
    const std::vector<std::string>& said() const { return said_; }
    const std::vector<std::string>& echoed() const { return echoed_; }

  private:
    // Steps after the last word, beyond which what has not come is lost.
    static constexpr int kPatience = 1000;

    int pick(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool settled() const { return broken_ || (outbox_.empty() && echoed_.size() == said_.size()); }

    void step() {
        // A client that keeps the rules polls well before a ping could time out.
        now_ += Milliseconds(pick(0, 600));
        tick();
        switch (pick(0, 5)) {
            case 0:
            case 1:
                say();
                break;
            case 2:
                poll();
                break;
            case 3:
                send_outbox();
                break;
            case 4:
                upgrade_a_bit();
                break;
            case 5:
                if (pick(0, 9) == 0) lose_probe();
                break;
        }
    }

    void settle() {
        now_ += Milliseconds(100);
        tick();
        send_outbox();
        poll();
        if (probe_ == Probe::answered && finishes_) upgrade_a_bit();
    }

    void tick() {
        if (now_ < session_.wake_at()) return;
        eio::Effects effects;
        session_.on_time(now_, effects);
        apply(effects);
    }

    // An event with a number, now and then with attachments or an odd text.
    void say() {
        const std::string number = std::to_string(said_.size());
        if (pick(0, 3) == 0) {
            to_server(R"(451-["e",)" + number + R"(,{"_placeholder":true,"num":0}])");
            outbox_.push_back({eio::PacketType::message, true, "bytes" + number});
            said_.push_back(number + "+bytes" + number);
        } else {
            to_server(R"(42["e",)" + number + R"(,"\u001e\ud83d"])");
            said_.push_back(number);
        }
    }

    void to_server(const std::string& text) {
        outbox_.push_back({eio::PacketType::message, false, text.substr(1)});
    }

    void send_outbox() {
        if (probe_ == Probe::upgraded) {
            for (eio::Packet& packet : std::exchange(outbox_, {})) {
                eio::Effects effects;
                session_.on_frame(packet.binary ? packet.data : eio::encode(packet), packet.binary,
                                  now_, effects);
                apply(effects);
            }
            return;
        }
        if (outbox_.empty()) return;
        // A part of what there is to say, as a body that fits.
        std::vector<eio::Packet> packets;
        for (int n = pick(1, 4); n > 0 && !outbox_.empty(); --n) {
            packets.push_back(std::move(outbox_.front()));
            outbox_.pop_front();
        }
        const std::string body = eio::encode_payload(packets);
        eio::Effects effects;
        session_.on_post_head(now_, body.size(), effects);
        if (effects.request) return fail();
        if (pick(0, 3) == 0) tick();
        session_.on_post_body(body, now_, effects);
        const bool ok = effects.request && effects.request->body == "ok";
        apply(effects);
        if (!ok) fail();
    }

    void poll() {
        if (probe_ == Probe::upgraded || poll_waits_ || paused_) return;
        eio::Effects effects;
        session_.on_poll(now_, effects);
        poll_waits_ = !effects.request;
        if (effects.request && effects.request->status != 200) return fail();
        apply(effects);
        if (effects.request) hear_payload(effects.request->body);
    }

    void upgrade_a_bit() {
        eio::Effects effects;
        if (probe_ == Probe::none) {
            if (session_.on_websocket(now_)) probe_ = Probe::open;
        } else if (probe_ == Probe::open && pick(0, 3) == 0) {
            // Some clients upgrade without a probe.
            probe_ = Probe::upgraded;
            session_.on_frame("5", false, now_, effects);
            apply(effects);
        } else if (probe_ == Probe::open) {
            session_.on_frame("2probe", false, now_, effects);
            probe_ = Probe::sent;
            apply(effects);
        } else if (probe_ == Probe::answered && finishes_) {
            // A client pauses polling, and says 5 when its poll is over.
            paused_ = true;
            if (poll_waits_) return;
            probe_ = Probe::upgraded;
            session_.on_frame("5", false, now_, effects);
            apply(effects);
        }
    }

    void lose_probe() {
        if (probe_ == Probe::none || probe_ == Probe::upgraded) return;
        probe_ = Probe::none;
        paused_ = false;
        eio::Effects effects;
        session_.on_websocket_gone(now_, effects);
        apply(effects);
    }

    void apply(eio::Effects& effects) {
        if (effects.poll) {
            poll_waits_ = false;
            hear_payload(effects.poll->body);
        }
        for (const auto& frame : effects.frames) hear(std::string(frame->packet()), frame->binary);
        for (eio::Packet& message : effects.messages) serve(std::move(message));
        if (effects.close_websocket && probe_ != Probe::upgraded) {
            probe_ = Probe::none;
            paused_ = false;
        }
        if (effects.closed) fail();
        eio::Effects flushed;
        session_.flush(now_, flushed);
        if (flushed.poll) {
            poll_waits_ = false;
            hear_payload(flushed.poll->body);
        }
    }

    // The server's side: everything that is said comes back.
    void serve(eio::Packet message) {
        const auto input = message.binary ? connection_.on_binary(std::move(message.data))
                                          : connection_.on_text(message.data);
        if (std::holds_alternative<sio::ConnectRequest>(input)) {
            connection_.accepted("/");
            answer(sio::encode_connect("/", "s", ""), false);
        } else if (const auto* event = std::get_if<sio::EventPacket>(&input)) {
            answer(sio::encode_event("/", event->name, event->args, event->attachments.size()),
                   false);
            for (const std::string& bytes : event->attachments) answer(bytes, true);
        } else if (std::holds_alternative<sio::CloseReason>(input)) {
            fail();
        }
    }

    void answer(const std::string& text, bool binary) {
        eio::Effects effects;
        session_.send(
            std::make_shared<eio::Frame>(eio::Frame{binary ? text : '4' + text, 0, binary}),
            effects);
        for (const auto& frame : effects.frames) hear(std::string(frame->packet()), frame->binary);
        if (effects.closed) fail();
    }

    void hear_payload(const std::string& body) {
        const auto packets = eio::decode_payload(body, 100000);
        if (!packets) return fail();
        for (const eio::Packet& packet : *packets) {
            hear(packet.binary ? packet.data : eio::encode(packet), packet.binary);
        }
    }

    // The client's side.
    void hear(std::string text, bool binary) {
        if (binary) {
            echoed_.back() += '+' + text;
        } else if (text == "2") {
            send_pong();
        } else if (text == "3probe") {
            probe_ = Probe::answered;
        } else if (text.starts_with("42") || text.starts_with("45")) {
            const auto packet = sio::decode(std::string_view(text).substr(1));
            if (!packet) return fail();
            if (packet->data.size() > 2 && packet->data[2].is_string() &&
                packet->data[2] != "\x1e\ufffd") {
                fail();
            }
            echoed_.push_back(packet->data[1].dump());
        } else if (text != "6" && !text.starts_with("40")) {
            fail();
        }
    }

    void send_pong() {
        eio::Effects effects;
        if (session_.transport() == eio::Transport::websocket) {
            session_.on_frame("3", false, now_, effects);
        } else {
            session_.on_post_head(now_, 1, effects);
            session_.on_post_body("3", now_, effects);
        }
        if (effects.closed) fail();
    }

    void fail() { broken_ = true; }

    enum class Probe { none, open, sent, answered, upgraded };

    std::mt19937_64 random_;
    eio::Time now_{};
    eio::Session session_{"sid", kSettings, eio::Transport::polling, eio::Time{}};
    sio::Connection connection_{eio::Time{}, Milliseconds(3600000)};
    std::deque<eio::Packet> outbox_;
    std::vector<std::string> said_;
    std::vector<std::string> echoed_;
    Probe probe_ = Probe::none;
    bool finishes_;  // what it has begun to upgrade; others go on polling for as long as they may
    bool poll_waits_ = false;
    bool paused_ = false;
    bool broken_ = false;
};

BOOST_AUTO_TEST_SUITE(conversation)

BOOST_AUTO_TEST_CASE(what_goes_in_comes_out_in_order_across_an_upgrade_at_any_moment) {
    const unsigned long first = from_environment("LIVECHAT_SEED", 1);
    const unsigned long count = from_environment("LIVECHAT_CONVERSATIONS", 3000);
    for (unsigned long seed = first; seed < first + count; ++seed) {
        Conversation conversation(seed);
        conversation.hold();
        if (conversation.broken() || conversation.said() != conversation.echoed()) {
            BOOST_TEST_MESSAGE("LIVECHAT_SEED=" << seed);
            BOOST_TEST(!conversation.broken(), "seed " << seed << " ended early or never");
            BOOST_TEST(conversation.said() == conversation.echoed(),
                       boost::test_tools::per_element());
            return;
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
