"""One child of the supervisor: started, ended in order, restarted with a pause that grows."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
HEALTHY_SECONDS = 10.0  # who lived that long did not die of its start
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds; an answer waits for its worker, so not longer
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however it ends. Runs between fork and exec."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def pause_after(failures: int) -> float:
    """Return how long to wait before another start, in seconds."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** max(0, failures - 1))


@dataclass
class Child:
    """A process that should run until it is told to end."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 8.0
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    failures: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C is the supervisor's to pass on, in order."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.env,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started = time.monotonic()

    @property
    def running(self) -> bool:
        """Whether it is there."""
        return self.process is not None and self.process.poll() is None

    def look_after(self, now: float) -> bool:
        """Start it again when it has died and its pause is over. Return whether it was started."""
        if self.running:
            return False
        if self.process is not None:
            self.failures = 1 if now - self.started > HEALTHY_SECONDS else self.failures + 1
            self.again_at = now + pause_after(self.failures)
            self.process = None
        if now < self.again_at:
            return False
        self.start()
        return True

    def ask_to_end(self) -> None:
        """Send its signal."""
        if self.process is not None and self.running:
            self.process.send_signal(self.stop_signal)

    def wait(self) -> None:
        """Wait for its end, and end what is left of its session by force."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Ask and wait."""
        self.ask_to_end()
        self.wait()
