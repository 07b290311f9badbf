// What the feed has seen of the notifications, and which ids it still waits for.
//
// AUTO_INCREMENT ids are given out before commit: when 6 can be seen, 5 may belong to a transaction
// that is still open. So an id that is missing below the newest one is a hole, and is asked for
// again until it appears, or until it has been missing for so long that its transaction must have
// been rolled back.
//
// A server may give out ids in steps (auto_increment_increment), and leaves out those in between,
// which must not be taken for holes. The step alone does not tell which they are: other servers of
// a cluster have other offsets, and a connection may have a step of its own. So the ids in between
// are ruled out only while all that were seen of late are as far apart as the step says; one that
// is not ends this at once. Pure; the time comes in as a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace livechat::feed {

using Time = std::chrono::steady_clock::time_point;
using Id = std::uint64_t;

class Cursor {
  public:
    // More holes than this are not kept: the oldest are given up. It takes as many rollbacks within
    // hole_timeout, or AUTO_INCREMENT was moved by hand.
    static constexpr std::size_t kMaxHoles = 10'000;
    // Asked for at once, so that a look stays small.
    static constexpr std::size_t kMaxAsked = 500;

    Cursor(Id newest, std::chrono::milliseconds hole_timeout)
        : newest_(newest), hole_timeout_(hole_timeout) {}

    // How far apart the server says that ids are; 1: any may come.
    void set_step(Id step);
    Id step() const { return step_; }
    // So many ids in a row show that the server's step is the writers' step as well.
    static constexpr std::size_t kEvidence = 8;
    // An id that is there tells which may come. see() does this by itself.
    void learn(Id id);
    // Whether an id may be in use.
    bool may_come(Id id) const { return !settled() || id % step_ == remainder_; }
    // Beyond this one, an id that may not come was not seen and is no hole.
    Id ruled_out_after() const { return settled() ? ruled_out_after_ : newest_; }

    Id newest() const { return newest_; }
    std::size_t holes() const { return holes_.size(); }
    // Holes that were given up so far.
    std::uint64_t given_up() const { return given_up_; }

    // The holes to ask for now, in order, at most kMaxAsked. A young hole is asked for every time,
    // an older one every eighth of its age but at least every kSlowest, so that a long transaction
    // costs little and still appears soon after its commit. Of more than kMaxAsked each has its
    // turn.
    std::vector<Id> due(Time now);

    // All holes in parts of at most kMaxAsked, the newest part first, each in order.
    std::vector<std::vector<Id>> all_in_parts() const;

    // An id was seen: false if it was seen before (or given up). Missing ids below it become holes.
    bool see(Id id, Time now);

    // An id below newest() that was not seen and may still come.
    void expect(Id id, Time now);

    // Ids up to this one were removed by a purge: what is missing of them is no hole.
    void forget_through(Id last) { holes_.erase(holes_.begin(), holes_.upper_bound(last)); }

    // The holes, the oldest first, at most so many; for the position that clients resume from.
    std::vector<Id> open_holes(std::size_t most = kMaxHoles) const;

    // Holes that stayed unexplained for the hole timeout.
    void give_up_old(Time now);

    // Holes old enough to be worth the question whose they are, at most kMaxProbed; each of them
    // again only after kProbeEvery.
    std::vector<Id> to_probe(Time now);
    // The answers: unused (rolled back) …
    void give_up(Id id) { given_up_ += holes_.erase(id); }
    // … or an open transaction's, which may take as long as it likes.
    void keep(Id id, Time now);

  private:
    struct Hole {
        Time since;
        Time next;   // to ask for it
        Time probe;  // to find out whose it is
        Time alive;  // it was missing, or known to be open
    };
    bool settled() const { return step_ > 1 && alike_ >= kEvidence; }

    static constexpr std::chrono::seconds kProbeEvery{5};
    static constexpr std::size_t kMaxProbed = 50;
    static constexpr std::chrono::milliseconds kSlowest{200};

    Id newest_;
    std::chrono::milliseconds hole_timeout_;
    std::map<Id, Hole> holes_;
    Id last_asked_ = 0;
    Id step_ = 1;
    Id remainder_ = 0;       // of the newest that was seen, by the step
    std::size_t alike_ = 0;  // that were seen in a row with this remainder
    Id ruled_out_after_ = 0;
    std::uint64_t given_up_ = 0;
};

}  // namespace livechat::feed
