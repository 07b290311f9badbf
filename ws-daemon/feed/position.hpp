// Where a client stands in the feed, as the text that stock clients keep as "offset" and give back
// when they reconnect (docs/protocol.md, "Recovery"): everything up to `newest` but the holes.
//
// It is the same for every socket that gets an event, so that they can share the encoded frame, and
// it means the same to every daemon of a database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/cursor.hpp"

namespace livechat::feed {

struct Position {
    // With more holes than this a position is not written: the text must stay short.
    static constexpr std::size_t kMaxHoles = 16;

    Id newest = 0;
    std::vector<Id> holes;  // ascending, all below newest

    bool operator==(const Position&) const = default;
};

// "1a2b" or "1a2b.3.c": newest, then how far below it each hole is (the last one first, each from
// the one before), in base 36. "-" if there are too many holes: a client cannot resume from here,
// and must not resume from the offset that it had before.
std::string encode(const Position& position);

// nullopt for anything that encode() does not write.
std::optional<Position> decode_position(std::string_view text);

// Moves a client's position on while it is sent what it has missed: notifications up to the feed's
// position of the moment, in the order of ids.
class CatchUp {
  public:
    // standing: where the client stood; feed: where the feed stood before the missed ones were
    // read. standing.newest is not beyond feed.newest.
    CatchUp(Position standing, const Position& feed)
        : standing_(std::move(standing)), open_(feed.holes) {}

    // Where the client stands once it has got this one.
    const Position& take(Id id);

  private:
    Position standing_;
    std::vector<Id> open_;  // the feed's holes that the client was not sent
};

}  // namespace livechat::feed
