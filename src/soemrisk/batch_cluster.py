"""Blocks on a Dask cluster: the third way to calculate them, with the same function and the same policy.

Tasks are the text of the study and the number of a block, and answers are bytes: nothing that a user gives is unpickled
but plain text. Dask is imported here alone, and only when a scheduler is asked for.
"""

from __future__ import annotations

import logging
import queue
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from soemrisk.batch_blocks import OtherVersionError
from soemrisk.batch_pools import Failure, Outcome, Pool, PoolLostError
from soemrisk.batch_worker import calculate, process_versions
from soemrisk.messages import phrase

AHEAD = 2  # blocks that each worker has been given: the next one is there when one is done
PATIENCE = 60.0  # seconds without a worker until it is said that there is none
SECONDS_OF_AN_ANSWER = 60.0  # until the bytes of a finished block must be here
CONNECT = 20.0  # seconds until a scheduler must have answered
SPARED = 5  # times that a block is asked for again without a death of its own
GONE = ("closed", "closing")  # states of a client
LOST = ("cancelled", "lost")  # states of an answer that will not come


def security_of(ca: str | None, certificate: str | None, key: str | None) -> Any:
    """TLS of the connection, required if anything of it is stated; else what Dask's own configuration says.

    Parameters
    ----------
    ca, certificate, key : str or None
        Paths of PEM files.

    Returns
    -------
    distributed.Security or None
    """
    if not (ca or certificate or key):
        return None
    from distributed import Security

    return Security(tls_ca_file=ca, tls_client_cert=certificate, tls_client_key=key, require_encryption=True)


def cluster(text: str, key: str, address: str, *, security: Any, timeout: float, patience: float = PATIENCE) -> Pool:
    """Calculate on the workers of a Dask scheduler.

    Parameters
    ----------
    text, key : str
        Of the study.
    address : str
        For example ``tcp://10.0.0.5:8786`` or ``tls://…``.
    security : distributed.Security or None
        From ``security_of``.
    timeout : float
        Seconds in which some block must be finished once blocks are given out.
    patience : float
        Seconds to wait for the scheduler, and for a worker where there is none.

    Returns
    -------
    Pool

    Raises
    ------
    PoolLostError
        There is no Dask, no scheduler, no worker, or a worker with other versions.
    """
    client = _connected(address, security, min(CONNECT, patience))
    try:
        _wait_for_workers(client, patience)
        _compare_versions(client)
    except PoolLostError:
        client.close(timeout=5)
        raise
    except Exception as error:
        client.close(timeout=5)
        raise PoolLostError(phrase("study-scheduler-lost", address=address, reason=_said(error))) from None
    asked = _Asked(client=client, address=address, text=text, key=key, timeout=timeout, patience=patience)
    return Pool(
        room=lambda: AHEAD * max(1, len(_workers(client))),
        submit=partial(_submit, asked),
        wait=partial(_wait, asked),
        close=partial(_close, asked),
    )


@dataclass(slots=True, kw_only=True)
class _Asked:
    """A client, what it has asked for and not been answered, and when it last heard of a worker and of an answer.

    ``shared`` is the text on the workers; ``futures`` has with each answer the one that it is made from.
    """

    client: Any
    address: str
    text: str
    key: str
    timeout: float
    patience: float
    shared: Any = None
    futures: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    spared: Counter[int] = field(default_factory=Counter)
    done: queue.Queue[tuple[int, Any]] = field(default_factory=queue.Queue)
    tries: int = 0
    worker_at: float = field(default_factory=time.monotonic)
    answer_at: float = field(default_factory=time.monotonic)


def _submit(asked: _Asked, block: int) -> None:
    asked.tries += 1
    if not asked.futures:
        asked.answer_at = time.monotonic()
    name = f"soemrisk-{asked.key}-{asked.tries}"
    try:
        if _is_gone(asked.shared):
            asked.shared = asked.client.submit(_same, asked.text, key=f"{name}-text", pure=False)
        future = asked.client.submit(calculate, asked.shared, asked.key, block, key=name, pure=False, retries=0)
    except Exception as error:  # the connection is gone
        raise PoolLostError(phrase("study-scheduler-lost", address=asked.address, reason=_said(error))) from None
    asked.futures[block] = future, asked.shared
    future.add_done_callback(lambda one: asked.done.put((block, one)))


def _is_gone(shared: Any) -> bool:
    """Whether the text is not on the workers, nor will be: too many that had it died."""
    return shared is None or shared.status in ("error", *LOST)


def _wait(asked: _Asked) -> list[Outcome]:
    try:
        block, future = asked.done.get(timeout=0.5)
    except queue.Empty:
        _look_after(asked)
        return _late(asked)
    if block not in asked.futures or asked.futures[block][0] is not future:
        return []  # given up before
    if future.status in LOST:
        asked.worker_at = min(asked.worker_at, time.monotonic() - asked.patience)  # nobody is left, if none is seen now
        _look_after(asked)
    _, shared = asked.futures.pop(block)
    asked.answer_at = time.monotonic()
    found = _outcome(future)
    if isinstance(found, Failure) and _is_gone(shared) and asked.spared[block] < SPARED:
        asked.spared[block] += 1
        _submit(asked, block)  # it is the text that died, and not this block
        return []
    return [(block, found)]


def _close(asked: _Asked) -> None:
    for future, _ in asked.futures.values():
        future.release()
    asked.client.close(timeout=5)


def _same(text: str) -> str:
    """The text, as a result that Dask passes on to workers and makes again where it is lost."""
    return text


def _connected(address: str, security: Any, seconds: float) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise PoolLostError(phrase("study-no-dask")) from None
    for name in (name for name in logging.root.manager.loggerDict if name.startswith("distributed")):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost is told by us, once and in words
    client = Client.__new__(Client)  # in two steps: one that fails halfway is in reach to be let go
    try:
        _check_address(address, security)
        client.__init__(address, security=security, timeout=seconds, set_as_default=False)  # type: ignore[misc]
    except Exception as error:  # whatever the transport raises
        _let_go(client)
        raise PoolLostError(phrase("study-no-scheduler", address=address, reason=_said(error))) from None
    return client


def _check_address(address: str, security: Any) -> None:
    """Raise what is wrong with an address or with certificates before a client waits for an answer to it."""
    from distributed.comm.addressing import resolve_address

    resolve_address(address)
    if security is not None:
        security.get_connection_args("client")


def _let_go(client: Any) -> None:
    """Have a client that was not connected end without waiting for an answer of a loop that has nothing to say."""
    if hasattr(client, "status"):
        with suppress(Exception):
            client.close(timeout=1)
        client.status = "closed"


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:300]


def _workers(client: Any) -> dict[str, Any]:
    """Workers as last heard of."""
    try:
        found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    except TypeError:  # before Dask told only of some unless asked for all
        found = client.scheduler_info()["workers"]
    return found


def _wait_for_workers(client: Any, patience: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        raise PoolLostError(phrase("study-no-workers", seconds=f"{patience:.0f}")) from None


def _compare_versions(client: Any) -> None:
    """Tell of workers with other versions; those who join later are known by the key of the study."""
    own = process_versions()
    for worker, found in client.run(process_versions).items():
        if found != own:
            others = {name: version for name, version in found.items() if version != own.get(name)}
            apart = ", ".join(f"{name} {own.get(name, '–')} ≠ {version}" for name, version in others.items())
            raise PoolLostError(phrase("study-other-worker", worker=worker, apart=apart))


def _look_after(asked: _Asked) -> None:
    """Tell where the scheduler is gone, or has had no worker for a while."""
    client, address = asked.client, asked.address
    if client.status in GONE or client.scheduler is None:
        raise PoolLostError(phrase("study-scheduler-lost", address=address, reason=client.status))
    if client.status == "running" and _workers(client):
        asked.worker_at = time.monotonic()
    elif time.monotonic() - asked.worker_at > asked.patience:
        if client.status != "running":
            raise PoolLostError(phrase("study-scheduler-lost", address=address, reason=client.status))
        raise PoolLostError(phrase("study-no-workers", seconds=f"{asked.patience:.0f}"))


def _late(asked: _Asked) -> list[Outcome]:
    """Give up blocks when nothing has come for too long."""
    if not asked.futures or time.monotonic() - asked.answer_at <= asked.timeout:
        return []
    late = dict(asked.futures)
    asked.futures.clear()
    asked.answer_at = time.monotonic()
    for future, _ in late.values():
        future.cancel()
    return [(block, Failure(phrase("study-block-late"), died=True)) for block in late]


def _outcome(future: Any) -> bytes | Failure:
    """Bytes of a block, or why there are none; the worker that has them may die before they are here."""
    from distributed import CancelledError, KilledWorker

    try:
        found: bytes = future.result(timeout=SECONDS_OF_AN_ANSWER)
    except OtherVersionError:
        return Failure(phrase("study-worker-versions"), died=False)
    except (KilledWorker, CancelledError, TimeoutError, OSError):
        return Failure(phrase("study-block-died"), died=True)
    except Exception as error:  # of the block itself
        return Failure(phrase("study-block-error", reason=f"{type(error).__name__}: {_said(error)}"), died=False)
    return found
