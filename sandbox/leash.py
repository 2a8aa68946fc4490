"""
Run a command that dies with the process that started it.

    python -m sandbox.leash [--signal NAME] [--as-owner-of FOLDER] -- command …

The command replaces this process, so a supervisor sees the command's own pid. Imports are few because every child
pays for them, and none is of ours because `command` runs this file by its path, without site-packages.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

NOBODY = 65534

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522


def command(argv: Sequence[str], *, on_death: str = "TERM", as_owner_of: str = "") -> list[str]:
    """The command line that runs `argv` on a leash. `on_death` is the signal it gets when its parent has died."""
    owner = ["--as-owner-of", as_owner_of] if as_owner_of else []
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), "--signal", on_death, *owner, "--", *argv]


def die_with_parent(signum: int = signal.SIGTERM, *, parent: int | None = None) -> None:
    """
    Have this process sent `signum` when its parent dies; at once, if the parent is dead already.

    `parent` is the pid that should be there, for a caller that knew it before it forked. On Linux the parent is,
    strictly, the *thread* that forked: start leashed processes from a thread that lives on.
    """
    parent = os.getppid() if parent is None else parent
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, int(signum))
    else:
        _watch(parent, signum)
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)


def _watch(parent: int, signum: int) -> None:
    """Where the kernel has no such signal: leave a small process behind that looks twice a second."""
    leashed = os.getpid()
    if os.fork():
        return
    os.setsid()
    while os.getppid() == leashed and _alive(parent):
        time.sleep(0.5)
    if os.getppid() == leashed:
        os.kill(leashed, signum)
    os._exit(0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapSets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _prctl(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)][:4]
    _checked(ctypes.CDLL(None, use_errno=True).prctl(option, *padded))


def _checked(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def become(uid: int, gid: int) -> None:
    """
    Give up root for good, and keep (on Linux) only the right to walk past file permissions.

    PostgreSQL refuses uid 0, but the project may lie where nobody else may go (`/root`, a `mkdtemp` folder). Two
    ambient capabilities survive the exec and let the server reach its own binaries and data there. The secure bit
    keeps them in force for access(2) as well, with which PostgreSQL looks for its own program file.
    """
    keeps = sys.platform == "linux" and _try_secure_bits()
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if keeps:
        _keep_only(CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH)


def _try_secure_bits() -> bool:
    """Ask that a change of uid leave capabilities alone. False where that is not permitted, as in some containers."""
    try:
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    except PermissionError:
        return False
    return True


def _keep_only(*capabilities: int) -> None:
    mask = sum(1 << capability for capability in capabilities)
    sets = (_CapSets * 2)(_CapSets(mask, mask, mask), _CapSets(0, 0, 0))
    header = _CapHeader(CAPABILITY_VERSION_3, 0)
    _checked(ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(header), ctypes.byref(sets)))
    for capability in capabilities:
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _become_owner_of(folder: str) -> None:
    """As root, turn into the owner of `folder` (nobody, if root owns it). Anyone else stays who they are."""
    if os.geteuid() != 0:
        return
    owner = Path(folder).stat()
    become(owner.st_uid or NOBODY, owner.st_gid or NOBODY)
    if not os.access(folder, os.X_OK):
        _fail(f"this root lacks CAP_SETPCAP or CAP_DAC_OVERRIDE, without which {folder} is closed to its owner")


def _fail(line: str) -> NoReturn:
    sys.stderr.write(f"leash: {line}\n")
    sys.exit(126)


def _parse(argv: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    if "--" not in argv or list(argv).index("--") % 2:
        _fail("usage: [--signal NAME] [--as-owner-of FOLDER] -- command …")
    at = list(argv).index("--")
    return dict(zip(argv[0:at:2], argv[1:at:2], strict=True)), list(argv[at + 1 :])


def main(argv: Sequence[str]) -> NoReturn:
    """Become the command. Ends with a line and 126 or 127 if that can't be done."""
    parent = os.getppid()
    options, target = _parse(argv)
    try:
        if "--as-owner-of" in options:
            _become_owner_of(options["--as-owner-of"])
        # Last, because a change of credentials makes the kernel forget it.
        die_with_parent(signal.Signals[f"SIG{options.get('--signal', 'TERM')}"], parent=parent)
        os.execvp(target[0], target)  # noqa: S606 - that is what a leash does
    except OSError as error:
        sys.stderr.write(f"leash: {target[0]}: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
