"""A source of kind `rest`: any JSON API, described by its parameters, its pages and its window of time."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.settings.entry import Day, Entry, FieldPath, Text
from pipelines.settings.sources import Source

MEBIBYTE = 1 << 20


def _path_on_the_host(path: str) -> str:
    if "://" in path:
        raise ValueError("must be a path, as /v1/answers; the host stands in the connection")
    return "/" + path.lstrip("/")


class Pagination(Entry):
    """How one page leads to the next."""

    kind: Literal["none", "page", "offset", "cursor", "next_link"] = Field(
        default="none", description="How pages are asked for."
    )
    parameter: Text | None = Field(
        default=None, description="Name of the parameter that carries the page, the offset or the cursor."
    )
    size_parameter: Text | None = Field(default=None, description="Name of the parameter that carries the size.")
    size: int | None = Field(default=None, ge=1, description="Records asked for per page.")
    first: int = Field(default=1, ge=0, description="Number of the first page.")
    next: FieldPath | None = Field(
        default=None, description="Where the next cursor or link stands in a page; by default the Link header."
    )
    stop_on: Literal["empty", "short"] = Field(
        default="empty",
        description="Whether an empty page ends the reading, or already a short one.",
    )
    max_pages: int = Field(default=10_000, ge=1, description="A slice of more pages is refused: it may never end.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in ("page", "offset", "cursor") and self.parameter is None:
            raise ValueError(f"needs parameter, the name of what carries the {self.kind}")
        if self.kind == "cursor" and self.next is None:
            raise ValueError("needs next, the place of the next cursor in a page")
        if self.stop_on == "short" and self.size is None:
            raise ValueError("needs size, to tell a short page")
        return self


class Window(Entry):
    """Which stretch of time is asked for, and how its rows prove that they lie inside."""

    start: Text = Field(description="Name of the parameter that carries the first instant.")
    end: Text = Field(description="Name of the parameter that carries the end.")
    field: FieldPath = Field(description="Field of a record whose time the source filters on; every one is checked.")
    format: Literal["iso", "epoch_s", "epoch_ms", "date"] = Field(
        default="iso", description="How an instant is written in the parameters, in UTC."
    )
    inclusive_end: bool = Field(default=False, description="Whether the source also gives what lies at the end itself.")
    since: Day | None = Field(
        default=None, description="First day asked for as long as nothing was received; by default the business date."
    )
    reread_days: int = Field(default=1, ge=0, description="Days before that are read again, for late and edited rows.")
    deep_reread_days: int | None = Field(default=None, ge=0, description="The same on Sundays, if deeper.")
    slice_days: int | None = Field(
        default=None,
        ge=1,
        description="A longer window is read in slices of so many days.",
    )


class Http(Entry):
    """How patiently and how fast a server is asked."""

    requests_per_second: float | None = Field(default=None, gt=0, description="Requests sent in a second at most.")
    requests_per_minute: float | None = Field(default=None, gt=0, description="Requests sent in a minute at most.")
    connect_seconds: float = Field(default=10, gt=0, description="Time for the connection to stand.")
    read_seconds: float = Field(default=60, gt=0, description="Time between two pieces of an answer.")
    total_seconds: float = Field(default=300, gt=0, description="Time for one whole answer.")
    max_body_bytes: int = Field(
        default=64 * MEBIBYTE, ge=1, description="A larger answer is refused, counted after decompression."
    )
    retries: int = Field(default=5, ge=0, description="Times that a request is sent again.")
    retry_wait_seconds: float = Field(default=1, ge=0, description="Wait before the first retry, then twice as long.")
    max_retry_after_seconds: float = Field(
        default=300, ge=0, description="Longest wait, whatever the server asks for in Retry-After."
    )

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        if self.requests_per_second and self.requests_per_minute:
            raise ValueError("has two rates; keep the one that the API's manual gives")
        return self


class RestSource(Source):
    """A JSON API."""

    kind: Literal["rest"] = Field(description="Kind of source.")
    path: Annotated[Text, AfterValidator(_path_on_the_host)] = Field(
        description="Path on the connection's host, as /v1/answers."
    )
    connection: Text = Field(description="Id of the connection with host and credentials (AIRFLOW_CONN_<ID>).")
    format: Literal["json"] = Field(default="json", description="Format of the pages.")
    params: Mapping[str, Text] = Field(default={}, description="Parameters of every request: name, value.")
    auth: Literal["none", "bearer", "basic", "header", "oauth2"] = Field(
        default="none", description="How the connection's credentials are shown."
    )
    key_header: Text | None = Field(default=None, description="Name of the header that carries the key.")
    token_url: Text | None = Field(
        default=None, description="Where OAuth2 client credentials become a token; a path is one on the same host."
    )
    scope: Text | None = Field(default=None, description="OAuth2 scope to ask for.")
    pagination: Pagination = Field(default=Pagination(), description="How one page leads to the next.")
    window: Window | None = Field(default=None, description="Which time is asked for; by default everything.")
    count: FieldPath | None = Field(
        default=None, description="Where a page says how many rows the window holds; fewer received is an error."
    )
    absent_is_withdrawn: bool = Field(
        default=False, description="Whether an answer that is not in its window any more counts as withdrawn."
    )
    http: Http = Field(default=Http(), description="How patiently and how fast the server is asked.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.auth == "header" and self.key_header is None:
            raise ValueError("needs key_header, the name of the header that carries the key")
        if self.auth == "oauth2" and self.token_url is None:
            raise ValueError("needs token_url, where client credentials become a token")
        if self.absent_is_withdrawn and self.window and self.window.field not in self.fields.submitted_at:
            # A row that moved to another window, because it was edited, has not been withdrawn.
            raise ValueError("absent_is_withdrawn needs a window over the field of submitted_at, which never moves")
        return self

    @property
    def is_versioned_by_fetch(self) -> bool:
        """Absence has no update time: where it counts, so must presence not have one."""
        return self.absent_is_withdrawn
