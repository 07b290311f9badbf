// What a program tells the service manager that has started it: the notification protocol of
// sd_notify(3), a datagram to the socket that $NOTIFY_SOCKET names. Without one nothing is sent.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace livechat {

class ServiceManager {
  public:
    // Reads the environment of the process; the variables are removed: children that are
    // forked later tell nothing. Never fails.
    ServiceManager();
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    // Never block and never fail: who does not listen is not told.
    void ready(std::string_view status) const;
    void status(std::string_view status) const;
    void reloading() const;  // ready() says when it is over
    void stopping() const;
    void alive() const;  // the watchdog's sign of life

    // How often alive() is to be called: half of what the manager waits. nullopt: it does not wait.
    std::optional<std::chrono::microseconds> alive_every() const { return alive_every_; }

  private:
    void send(std::string_view assignments) const;

    int socket_ = -1;
    std::string address_;  // the bytes of a sockaddr
    std::optional<std::chrono::microseconds> alive_every_;
};

// The socket address that $NOTIFY_SOCKET stands for: a path, or with '@' in front an abstract name.
// nullopt for what is neither, or too long. Pure.
std::optional<std::string> notify_address(std::string_view socket);

// Half of what $WATCHDOG_USEC asks for, if it is meant for this process ($WATCHDOG_PID). Pure.
std::optional<std::chrono::microseconds> watchdog_interval(const char* usec,
                                                           const char* for_pid,
                                                           int own_pid);

}  // namespace livechat
