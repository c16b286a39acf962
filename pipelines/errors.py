"""The errors a person reads: one clear line that says what, where and what to do."""


class SymetrieError(Exception):
    """Something a person can mend; the command line prints it as one line and exits with code 1."""


class Unreachable(SymetrieError, ConnectionError):
    """A host, a folder or a lock that may be reached later: a scheduler may try again."""
