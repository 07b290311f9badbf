// Listening sockets that a service manager opens and hands to a program when it starts it, so that
// clients that connect meanwhile wait instead of being refused: the protocol of sd_listen_fds(3).
#pragma once

#include <stdexcept>
#include <vector>

namespace livechat {

// What was handed over cannot be used; what() is a sentence for the operator.
struct HandoverError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The first descriptor; the others follow it.
inline constexpr int kFirstHandedOver = 3;

// How many sockets $LISTEN_PID and $LISTEN_FDS announce to the process own_pid; 0: none, or they
// belong to another process. Pure. Throws HandoverError for an invalid number.
int handed_over_count(const char* pid, const char* count, int own_pid);

// The descriptors, in the order of the manager's unit, non-blocking and closed at exec. They belong
// to the caller, and the manager keeps the sockets: they are not to be unlinked. Throws
// HandoverError if one is no listening socket.
std::vector<int> handed_over_sockets();

// Whether connections can be accepted from the descriptor.
bool is_listening(int fd);

}  // namespace livechat
