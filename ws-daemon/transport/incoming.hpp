// Bytes that clients have sent and that cannot be handled yet: halves of messages and requests,
// events that wait for others. Each connection may hold one message of the largest size, and all of
// them together no more than a limit; beyond it, those that hold most give up first.
#pragma once

#include <cstddef>
#include <unordered_set>

namespace livechat::transport {

class Incoming;

// Something that holds such bytes. Gives them back by itself when destroyed.
class Holder {
  public:
    explicit Holder(Incoming& incoming) : incoming_(&incoming) {}
    virtual ~Holder();
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

  protected:
    // Says how many it holds now.
    void hold(std::size_t bytes);
    // All together hold too much: end soon, not before this returns. What it holds no longer
    // counts.
    virtual void give_up() = 0;

  private:
    friend class Incoming;

    Incoming* incoming_;
    std::size_t held_ = 0;
};

class Incoming {
  public:
    explicit Incoming(std::size_t limit) : limit_(limit) {}

    std::size_t held() const { return held_; }

  private:
    friend class Holder;

    void set(Holder& holder, std::size_t bytes);
    Holder& largest() const;

    std::size_t limit_;
    std::size_t held_ = 0;
    std::unordered_set<Holder*> holders_;  // that hold anything
};

}  // namespace livechat::transport
