"""Hooks of a function around the snapshot of which Lambda starts copies (SnapStart).

Every copy begins with the same memory. So the snapshot holds what is the same for everybody, and neither a secret,
a key of AWS, nor a connection; and each copy draws random numbers of its own.
"""

import os
import sys
from collections.abc import Callable

from schoolsms.bootstrap.shared import clients


def prepare_snapshot(*factories: Callable[[], object]) -> None:
    """Have Lambda warm up what the `factories` of this package make, before it takes a snapshot of this process.

    Does nothing where no snapshot will be taken: in unpublished versions, and everywhere but on AWS.
    """
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
        return
    import snapshot_restore_py as hooks  # part of Lambda's own runtime

    hooks.register_before_snapshot(_warm_up, factories)
    hooks.register_after_restore(_become_another)


def _warm_up(factories: tuple[Callable[[], object], ...]) -> None:
    """Make all once, for the modules and data of botocore that this loads, and forget what was made.

    A client made anew from them costs a twentieth of the first. It cannot be kept, because it holds its keys.
    """
    with clients.for_nobody():
        for make in factories:
            make()
    package = __name__.rpartition(".")[0]
    for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
        for each in vars(sys.modules[name]).values():
            if each is not clients.session and hasattr(each, "cache_clear"):
                each.cache_clear()


def _become_another() -> None:
    """Give a restored copy a seed of its own: for the pauses between tries, and for OpenSSL's generator.

    Ids, tokens and signatures come from the system (`secrets`, `uuid4`), which is never restored to an earlier state.
    """
    import random
    import ssl

    random.seed()
    ssl.RAND_add(os.urandom(32), 32.0)
