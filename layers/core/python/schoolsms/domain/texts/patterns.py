"""Regular expressions that few texts need, compiled when the first one does.

Compiling those of a module is most of the time in which it is loaded: up to 15 million instructions of a start.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    lazily = re.compile
else:

    class lazily:
        """The pattern that `re.compile` returns for the same arguments, made at the first use."""

        def __init__(self, *arguments: Any) -> None:
            self._compiled = cache(lambda: re.compile(*arguments))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._compiled(), name)
