"""A crew of workers on several machines: each holds one model, work is spread by content hash.

Needs Ray (extra ``distributed``), which is imported here and nowhere else. Files are read by the
workers under the same paths, so all machines must see the same folders. Nothing but Ray's own
connections between the named machines is opened, and its usage statistics are switched off.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ray
from ray.exceptions import ActorUnschedulableError, GetTimeoutError, RayActorError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

import engine
from engine.errors import InputError, ModelError
from engine.job import Context
from engine.scan.examining import judge, prepare
from engine.scan.tracing import make_decoder, tracer
from engine.scan_types import Workers
from engine.types import Examination, Failure, FileFacts, ModelInfo, Settings
from engine.vrm.examiner import Examiner

LOCAL = "local"
"""Address of a cluster of its own on this machine."""

AT_ONCE = 2
"""Files a worker has at a time: one is decoded while the model looks at the other."""

MAX_LOST = 2
"""Workers that may be lost over one file, before it is taken to be the reason."""

LISTEN_S = 0.1
"""Longest time between two looks at whether the operator wants to stop."""

START_S = 600.0
"""Longest time a worker may take to load its model."""

IN_CREATION = "creation task"
"""How Ray words that a worker's own start failed, and not its machine."""

Factory = Callable[[], Examiner]


class Worker:
    """One model on one machine.

    Args:
        factory: loads the model.
        settings: what is asked.
        version: of the program that hands out the work.

    Raises:
        ModelError: the model cannot be loaded, or this machine has another version.
    """

    def __init__(self, factory: Factory, settings: Settings, version: str) -> None:
        if version != engine.__version__:
            raise ModelError(
                f"A worker has version {engine.__version__} of the program, the scan {version}: "
                "install the same on every machine."
            )
        self._examiner = factory()
        self._settings = settings
        self._decoder = make_decoder(traces=settings.traces)
        self._trace = tracer(lambda: None) if settings.traces else None
        self._decoding, self._judging = threading.Lock(), threading.Lock()

    def info(self) -> ModelInfo:
        """Return which model it holds."""
        return self._examiner.info

    def examine(self, path: str, sha256: str) -> Examination:
        """Examine one file, which must have the bytes that were hashed.

        Args:
            path: the file, as every machine sees it.
            sha256: of its bytes, hex.
        """
        with self._decoding:
            prepared = prepare(path, self._decoder, trace=self._trace)
        if prepared.failure is None and prepared.facts.sha256 != sha256:
            return Examination(
                facts=FileFacts(path=path, sha256=sha256),
                failure=Failure(
                    kind="changed",
                    message="The file changed while the scan ran: scan it again.",
                ),
                tool_version=engine.__version__,
                settings=self._settings,
            )
        with self._judging:
            return judge(prepared, self._examiner, self._settings, Context())


@dataclass(slots=True, eq=False)
class _Hand:
    """A worker as the crew sees it."""

    name: str
    """Names it among the workers; a file's hash chooses by it."""
    actor: Any
    machine: str = ""
    """Where it works, for a person."""
    busy: int = 0

    @property
    def told(self) -> str:
        """Its name and where it works."""
        return f"{self.name} on {self.machine}" if self.machine else self.name


@dataclass(slots=True, eq=False)
class Task:
    """One file that is being examined elsewhere."""

    path: str
    sha256: str
    hand: _Hand | None = None
    reference: Any = None
    lost: int = 0
    result: Examination | None = None


@dataclass(slots=True, eq=False)
class Crew:
    """The workers of a scan; made by `gathered`."""

    hands: list[_Hand]
    info: ModelInfo
    """The model, the same with every worker."""
    settings: Settings
    missing: tuple[str, ...] = ()
    """Workers that could not be started, by name and machine."""
    lost: list[str] = field(default_factory=list)
    """Workers that were lost, by name and machine."""

    @property
    def workers(self) -> Workers:
        """How many were asked for, and which of them are not there."""
        asked = len(self.hands) + len(self.missing) + len(self.lost)
        return Workers(asked=asked, missing=self.missing, lost=tuple(self.lost))

    @property
    def room(self) -> int:
        """How many files can be with the workers at a time."""
        return AT_ONCE * len(self.hands)

    def hand_out(self, path: str, sha256: str) -> Task:
        """Give a file to the worker that its hash names, of those that are left.

        Raises:
            ModelError: no worker is left.
        """
        task = Task(path=path, sha256=sha256)
        self._hand_out(task)
        return task

    def _hand_out(self, task: Task) -> None:
        if not self.hands:
            raise ModelError(
                f"Every worker was lost ({', '.join(self.lost)}): look at their machines, then run "
                "the same command again. What was done is kept."
            )
        hand = max(self.hands, key=lambda each: _weight(task.sha256, each.name))
        free = [each for each in self.hands if each.busy < AT_ONCE]
        if hand.busy >= AT_ONCE and free:
            # Its own worker has enough to do; the next one by the same order takes it.
            hand = max(free, key=lambda each: _weight(task.sha256, each.name))
        hand.busy += 1
        task.hand = hand
        task.reference = hand.actor.examine.remote(task.path, task.sha256)

    def wait_for(self, task: Task, ctx: Context) -> Examination:
        """Return a file's result; a lost worker's file is done elsewhere.

        Raises:
            ModelError: no worker is left.
            Cancelled: the operator stopped the work.
        """
        while task.result is None:
            ctx.check()
            try:
                task.result = ray.get(task.reference, timeout=LISTEN_S)
                self._free(task)
            except GetTimeoutError:
                continue
            except RayActorError:
                self._lose(task)
        return task.result

    def _lose(self, task: Task) -> None:
        hand = task.hand
        if hand is not None and hand in self.hands:
            self.hands.remove(hand)
            self.lost.append(hand.told)
        task.lost += 1
        if task.lost >= MAX_LOST:
            task.result = Examination(
                facts=FileFacts(path=task.path, sha256=task.sha256),
                failure=Failure(
                    kind="worker_lost",
                    message=(
                        f"{task.lost} workers were lost while they examined this file: examine it "
                        "alone on one machine."
                    ),
                ),
                tool_version=engine.__version__,
                settings=self.settings,
            )
        else:
            self._hand_out(task)

    def _free(self, task: Task) -> None:
        if task.hand is not None:
            task.hand.busy -= 1


@contextmanager
def gathered(
    address: str, workers: int | None, factory: Factory, settings: Settings
) -> Iterator[Crew]:
    """Gather workers inside the block, and let them go after it.

    Args:
        address: of a running Ray cluster (``host:port`` or ``auto``), or ``local`` for one of
            its own on this machine.
        workers: how many; by default one a machine.
        factory: loads the model on a worker.
        settings: what is asked.

    Raises:
        InputError: the number of workers, or the cluster cannot be reached.
        ModelError: a worker cannot load the model, or the workers hold different ones.
    """
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers were asked for: use at least 1.")
    joined = ray.is_initialized()
    if not joined:
        _join(address)
    hands: list[_Hand] = []
    try:
        hands = _hired(workers, factory, settings)
        ready, missing = _ready(hands)
        if len({info.sha256 for _, info in ready}) > 1:
            names = ", ".join(f"{hand.name}: {info.sha256[:8]}" for hand, info in ready)
            raise ModelError(f"The workers hold different models ({names}): import the same pack.")
        yield Crew(
            hands=[hand for hand, _ in ready],
            info=ready[0][1],
            settings=settings,
            missing=missing,
        )
    finally:
        for hand in hands:
            ray.kill(hand.actor)
        if not joined:
            ray.shutdown()


def _join(address: str) -> None:
    # Ray reads it when it starts; it would otherwise tell its makers about the cluster.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == LOCAL:
        options["include_dashboard"] = False
    try:
        ray.init(address=address, **options)
    except (RayError, ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise InputError(
            f"--distributed {address}: the cluster cannot be joined ({error}). Start it with 'ray "
            "start --head' on one machine and 'ray start --address HOST:PORT' on the others, or "
            "use --distributed local."
        ) from error


def _hired(workers: int | None, factory: Factory, settings: Settings) -> list[_Hand]:
    nodes = [each for each in ray.nodes() if each["Alive"]]
    count = len(nodes) if workers is None else workers
    kind = ray.remote(Worker)
    hands = []
    for i in range(count):
        node, place = nodes[i % len(nodes)], i // len(nodes)
        options = kind.options(
            max_concurrency=AT_ONCE,
            num_cpus=0,
            num_gpus=gpus_of(node["Resources"], place),
            scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
        )
        actor = options.remote(factory, settings, engine.__version__)
        machine = f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})"
        hands.append(_Hand(name=f"{node['NodeID'][:8]}/{place}", actor=actor, machine=machine))
    return hands


def gpus_of(resources: Mapping[str, float], place: int) -> int:
    """Return how many GPUs a worker asks for: one, while its machine has one for it.

    Ray hides the GPUs of a machine from whoever asks for none.

    Args:
        resources: of the machine, as Ray tells them.
        place: which of the machine's workers it is, from 0.
    """
    return int(place < int(resources.get("GPU", 0)))


def _ready(hands: Sequence[_Hand]) -> tuple[list[tuple[_Hand, ModelInfo]], tuple[str, ...]]:
    """Return the workers that have loaded their model, and those whose machine went away.

    Raises:
        ModelError: a worker cannot load its model, or none is left.
    """
    found: list[tuple[_Hand, ModelInfo]] = []
    missing: list[str] = []
    why = ""
    for hand in hands:
        try:
            found.append((hand, ray.get(hand.actor.info.remote(), timeout=START_S)))
        except (RayActorError, ActorUnschedulableError) as error:
            why = str(error)
            if IN_CREATION in why:
                raise ModelError(f"A worker cannot load the model: {why}.") from error
            missing.append(hand.told)
        except GetTimeoutError as error:
            raise ModelError(f"A worker did not load its model within {START_S:.0f} s.") from error
    if not found:
        raise ModelError(f"No worker could be started: {why}.")
    return found, tuple(missing)


def _weight(sha256: str, name: str) -> str:
    """Return a file's weight with a worker (rendezvous hashing): few move when one is lost."""
    return hashlib.sha256(f"{sha256} {name}".encode()).hexdigest()
