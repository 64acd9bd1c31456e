"""Runs the command of a container so that each of its processes asks before it connects.

    pod-network.py <command> [<argument>...]

The kernel stops every connect(2) of the command and of all that it starts (seccomp, user notification), and this
program asks at file descriptor 3 what becomes of it: a line with address and port, and back one word.

    allow       the call goes on as it was made
    drop        nobody answers: it goes on to a port of ours whose queue is full, so that the kernel itself
                sends one SYN after the other, and waits
    unroutable  ENETUNREACH

It takes no rights: seccomp(2) is for everybody who can gain none. Left out: IPv6, which is always unroutable;
datagrams without connect(2); sendto(2) with MSG_FASTOPEN; io_uring. Source: seccomp_unotify(2).
"""

import ctypes
import errno
import fcntl
import os
import platform
import signal
import socket
import struct
import sys
import threading

CHANNEL = 3
# Number of seccomp(2), number of connect(2), and AUDIT_ARCH of linux/audit.h.
MACHINES = {"x86_64": (317, 42, 0xC000003E), "aarch64": (277, 203, 0xC00000B7)}
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_NEW_LISTENER = 8
SECCOMP_RET_USER_NOTIF = 0x7FC00000
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_RET_ERRNO = 0x00050000
SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1
NOTIF_RECEIVE = 0xC0502100
NOTIF_SEND = 0xC0182101
NOTIF_ID_VALID = 0x40082102
# struct seccomp_notif: id, pid, flags; then struct seccomp_data: nr, arch, instruction pointer, six arguments.
NOTIF = struct.Struct("QIIiIQ6Q")
# BPF_LD | BPF_W | BPF_ABS, BPF_JMP | BPF_JEQ | BPF_K, BPF_RET | BPF_K.
LOAD, JUMP_IF, RETURN = 0x20, 0x15, 0x06


def install_filter():
    """Makes this thread, and what it becomes by exec, ask. Returns the descriptor that hears the questions."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, "no numbers of system calls are known for " + platform.machine())
    seccomp, connect, arch = machine
    one = struct.Struct("HBBI")
    program = b"".join(
        [
            one.pack(LOAD, 0, 0, 4),
            # Calls of another architecture, such as 32 bits, would pass unseen.
            one.pack(JUMP_IF, 1, 0, arch),
            one.pack(RETURN, 0, 0, SECCOMP_RET_ERRNO | errno.ENOSYS),
            one.pack(LOAD, 0, 0, 0),
            one.pack(JUMP_IF, 0, 1, connect),
            one.pack(RETURN, 0, 0, SECCOMP_RET_USER_NOTIF),
            one.pack(RETURN, 0, 0, SECCOMP_RET_ALLOW),
        ]
    )
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // one.size, ctypes.addressof(held))
    listener = libc.syscall(
        seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, ctypes.c_char_p(described)
    )
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def run_command(words, handover):
    """In the child: becomes the command."""
    try:
        listener = install_filter()
        socket.send_fds(handover, [b"."], [listener])
        os.close(listener)
        handover.close()
        os.close(CHANNEL)
        # Python ignores them, and what is ignored stays so.
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(words[0], words)
    except OSError as error:
        print("The network of a pod can not be watched here: %s" % error, file=sys.stderr)
    os._exit(125)


class SilentPort:
    """A port whose queue of connections is full: the kernel drops each further SYN."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.address = self.listener.getsockname()
        self.queued = [socket.socket() for _ in range(3)]
        for one in self.queued:
            one.setblocking(False)
            one.connect_ex(self.address)


class Supervisor:
    def __init__(self, listener):
        self.listener = listener
        self.channel = os.fdopen(CHANNEL, "r+b", buffering=0)
        self.silent = None

    def answer_all(self):
        """Until the command has ended; whatever it leaves behind finds no network any more."""
        while True:
            question = bytearray(NOTIF.size)
            try:
                fcntl.ioctl(self.listener, NOTIF_RECEIVE, question)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.ENOENT):
                    continue
                return
            identity, pid, _, _, _, _, *arguments = NOTIF.unpack(question)
            try:
                outcome = self.answer(identity, pid, arguments[1], arguments[2])
            except OSError:
                outcome = errno.ENETUNREACH
            flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE if outcome == 0 else 0
            try:
                fcntl.ioctl(self.listener, NOTIF_SEND, struct.pack("QqiI", identity, 0, -outcome, flags))
            except OSError:
                # Who asked is gone.
                pass

    def answer(self, identity, pid, address, length):
        """Returns 0 to let the call go on, or the number of its error."""
        with open("/proc/%d/mem" % pid, "r+b", buffering=0) as memory:
            memory.seek(address)
            raw = memory.read(min(length, 28))
            (family,) = struct.unpack("H", raw[:2])
            if family == socket.AF_INET6:
                return errno.ENETUNREACH
            if family != socket.AF_INET:
                return 0
            (port,) = struct.unpack("!H", raw[2:4])
            verdict = self.ask(socket.inet_ntoa(raw[4:8]), port)
            if verdict == b"allow":
                return 0
            if verdict != b"drop":
                return errno.ENETUNREACH
            # Only then is the memory still that of who asked.
            fcntl.ioctl(self.listener, NOTIF_ID_VALID, struct.pack("Q", identity))
            self.silent = self.silent or SilentPort()
            host, silent_port = self.silent.address
            memory.seek(address + 2)
            memory.write(struct.pack("!H", silent_port) + socket.inet_aton(host))
            return 0

    def ask(self, host, port):
        self.channel.write(b"%s %d\n" % (host.encode(), port))
        line = b""
        while not line.endswith(b"\n"):
            byte = self.channel.read(1)
            if not byte:
                return b"unroutable"
            line += byte
        return line.strip()


def main(words):
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        run_command(words, theirs)
    theirs.close()
    # The whole group is told to end; the child decides when it does.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
    if descriptors:
        threading.Thread(target=Supervisor(descriptors[0]).answer_all, daemon=True).start()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


sys.exit(main(sys.argv[1:]))
