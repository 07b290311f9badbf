# Holds a listening socket as systemd's .socket unit does, and runs the program behind it:
#     holder.py SOCKET PROGRAM ARGUMENT...
# SIGHUP stops the program and starts it again, SIGTERM ends both. The socket stays open throughout.
import os
import signal
import socket
import sys

path, command = sys.argv[1], sys.argv[2:]
if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
os.chmod(path, 0o666)
listener.listen(4096)
waited_for = [signal.SIGHUP, signal.SIGTERM]
signal.pthread_sigmask(signal.SIG_BLOCK, waited_for)


def start():
    child = os.fork()
    if child:
        return child
    signal.pthread_sigmask(signal.SIG_UNBLOCK, waited_for)
    os.dup2(listener.fileno(), 3)
    os.set_inheritable(3, True)
    os.execve(command[0], command, {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())})


def stop(child):
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)


child = start()
while signal.sigwait(waited_for) == signal.SIGHUP:
    stop(child)
    child = start()
stop(child)
os.unlink(path)
