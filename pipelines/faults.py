"""What a disk and a database refuse, as errors a person reads: what, where, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import SymetrieError, Unreachable

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
BROKEN = (errno.EIO, errno.ESTALE)
DISK = (*FULL, *FORBIDDEN, *IN_THE_WAY, *BROKEN)

OPERATIONAL = frozenset({"OperationalError", "FatalException"})
"""How drivers name what is no fault of a statement (PEP 249), and DuckDB that after which it cannot go on."""

HOLDER = re.compile(r"(?<=Conflicting lock is held in ).*?\(PID \d+\)")
"""How DuckDB names the program that has its file open."""

SPILL_IS_FULL = "max_temp_directory_size"
"""DuckDB spills into nine tenths of what is free on the disk, and names its limit when that is too little."""


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn what the disk or a database refuses, in a `with` block, into one line that begins with the place.

    The cause is not chained: it quotes statements with their values.
    """
    try:
        yield
    except SymetrieError:
        raise
    except Exception as error:
        fault = in_words(error, where)
        if fault is None:
            raise
        raise fault from None


def in_words(error: Exception, where: str) -> SymetrieError | None:
    """The error of a disk or of a database in one line; None for any other."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy's own error goes around the driver's
    reason = _reason(cause)
    if is_of(cause, FULL) or SPILL_IS_FULL in reason:
        return Unreachable(f"{where}: the disk is full ({reason}); free some space and run again")
    if is_of(cause, FORBIDDEN):
        return SymetrieError(f"{where}: no right to write there ({reason}); give it to this user and run again")
    if is_of(cause, IN_THE_WAY):
        return SymetrieError(f"{where}: something else is in the way ({reason}); move it and run again")
    if is_of(cause, BROKEN):
        return Unreachable(f"{where}: the disk does not answer as it should ({reason}); check it and run again")
    if held := HOLDER.search(reason):
        return Unreachable(f"{where}: another program holds it ({held[0]}); close it there and run again")
    if _is_operational(cause):
        return Unreachable(f"{where}: {reason.rstrip('.')}; what was committed stands, run again for the rest")
    return None


def is_of(error: BaseException, codes: tuple[int, ...]) -> bool:
    """Whether an error is one of the system's; DuckDB gives its words and not its number."""
    if isinstance(error, OSError):
        return error.errno in codes
    return _is_operational(error) and any(os.strerror(code) in str(error) for code in codes)


def _is_operational(error: BaseException) -> bool:
    return not OPERATIONAL.isdisjoint(kind.__name__ for kind in type(error).__mro__)


def _reason(error: BaseException) -> str:
    """The words of the error, on one line; of a server's only the first, since the others may quote an answer."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    return " ".join((primary or str(error)).split())
