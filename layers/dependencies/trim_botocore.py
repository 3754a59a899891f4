"""Trim the data of a layer's botocore to the operations that functions call: `trim_botocore.py FOLDER`.

botocore describes 440 services in 28 MB. A starting function lists them, and reads the endpoints of all: a seventh of
its start. What stays is what botocore wrote, without its documentation.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "dynamodb": (
        *("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems"),
        "UpdateItem",
    ),
    "pinpoint-sms-voice-v2": ("SendTextMessage",),
    "s3": (
        *("AbortMultipartUpload", "CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart"),
        *("DeleteObject", "DeleteObjects", "GetObject", "ListMultipartUploads", "ListObjectsV2", "PutObject"),
        "CreateBucket",  # how botocore names the call that a form to upload with is signed for
        "HeadBucket",  # how botocore finds the region of a bucket when it is told that it is another one
    ),
    "secretsmanager": ("GetSecretValue",),
    "sesv2": ("SendEmail",),
    "sqs": ("GetQueueAttributes", "SendMessage", "SendMessageBatch"),
    "stepfunctions": ("StartExecution",),
}
"""Service → operations. `test_trimmed_botocore.py` looks for calls of others."""

SHARED = ("_retry", "partitions", "sdk-default-configuration")


def trim(data: Path) -> None:
    """Replace botocore's `data` folder by what `OPERATIONS` needs of it."""
    draft = data.with_name("data.trimmed")
    shutil.rmtree(draft, ignore_errors=True)
    write_trimmed(data, draft)
    shutil.rmtree(data)
    draft.rename(data)


def write_trimmed(data: Path, into: Path) -> None:
    """Write what `OPERATIONS` needs of botocore's folder `data` to the new folder `into`."""
    from botocore.exceptions import DataNotFoundError
    from botocore.loaders import Loader

    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    prefixes = set()
    for service, operations in OPERATIONS.items():
        model = loader.load_service_model(service, "service-2")
        prefixes.add(model["metadata"]["endpointPrefix"])
        version = into / service / loader.determine_latest_version(service, "service-2")
        _write(version / "service-2.json", _trimmed_model(model, operations))
        _write(version / "endpoint-rule-set-1.json", loader.load_service_model(service, "endpoint-rule-set-1"))
        try:
            paginators = loader.load_service_model(service, "paginators-1")["pagination"]
        except DataNotFoundError:
            continue
        _write(version / "paginators-1.json", {"pagination": {k: v for k, v in paginators.items() if k in operations}})
    for name in SHARED:
        _write(into / f"{name}.json", loader.load_data(name))
    endpoints = loader.load_data("endpoints")
    for partition in endpoints["partitions"]:
        partition["services"] = {k: v for k, v in partition["services"].items() if k in prefixes}
    _write(into / "endpoints.json", endpoints)


def _trimmed_model(model: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    operations = {name: model["operations"][name] for name in names}
    reached = set[str]()
    left = [shape for operation in operations.values() for shape in _shapes_of_operation(operation)]
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += [part["shape"] for part in _parts(model["shapes"][name])]
    shapes = {name: shape for name, shape in model["shapes"].items() if name in reached}
    for described in (*operations.values(), *shapes.values()):
        for part in (described, *_parts(described)):
            part.pop("documentation", None)
    return {key: value for key, value in model.items() if key not in ("documentation", "examples")} | {
        "operations": operations,
        "shapes": shapes,
    }


def _shapes_of_operation(operation: Mapping[str, Any]) -> Iterator[str]:
    for part in (operation.get("input"), operation.get("output"), *operation.get("errors", ())):
        if part:
            yield part["shape"]


def _parts(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """References to shapes within a shape or an operation."""
    single = [described[key] for key in ("member", "key", "value", "input", "output") if key in described]
    return [*described.get("members", {}).values(), *single, *described.get("errors", ())]


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, separators=(",", ":")))


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])  # the layer's botocore reads its own data
    trim(Path(sys.argv[1]) / "botocore" / "data")
