"""The roles of the template, held against what functions call: in every test that invokes one (R47).

A call that the function's role does not allow fails as on AWS, and fails the test. What was called is kept, so that
`test_permissions.py`, which runs last, finds what is allowed and never used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parseaddr
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from local.ministack.iam_permissions import TRANSACTED, partitions
from schoolsms.adapters.dynamodb.client.raw_json import Written
from schoolsms.bootstrap.shared import clients
from tests.support.template import parameter, resources

ACTIONS = {
    ("s3", "CreateMultipartUpload"): "s3:PutObject",
    ("s3", "UploadPart"): "s3:PutObject",
    ("s3", "CompleteMultipartUpload"): "s3:PutObject",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "ListMultipartUploads"): "s3:ListBucketMultipartUploads",
    ("s3", "ListParts"): "s3:ListMultipartUploadParts",
    ("s3", "DeleteObjects"): "s3:DeleteObject",
    ("sqs", "SendMessageBatch"): "sqs:SendMessage",
}
"""The actions that policies name, where they are not called as the operations are."""

PREFIXES = {"stepfunctions": "states", "sesv2": "ses", "pinpoint-sms-voice-v2": "sms-voice"}
"""The services as policies name them, where botocore names them otherwise."""

NAMED_BY = ("QueueUrl", "SecretId", "stateMachineArn")
ANY_KEY = "*"


class Call(NamedTuple):
    """One call of a function, or in a `Grant` the patterns of what is allowed; `key` is a partition's."""

    action: str
    resource: str
    key: str = ""

    def is_under(self, grant: Call) -> bool:
        return all(fnmatchcase(own, allowed) for own, allowed in zip(self, grant, strict=True))


@cache
def grants(function: str) -> frozenset[Call]:
    """Everything the role of the function (its logical id) allows: each action, resource and partition by itself."""
    role = resources("AWS::IAM::Role")[f"{function}Role"]
    return frozenset(
        Call(action, resource, key)
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _several(statement["Action"])
        for resource in map(_named, _several(statement["Resource"]))
        for key in _keys(statement.get("Condition"))
    )


class Watch:
    """Which calls were made, by function, and which of them no role allows."""

    def __init__(self) -> None:
        self.made: dict[str, set[Call]] = {}
        self.denied: list[tuple[str, Call]] = []
        self._function = ""
        self._logical_id: Callable[[str], str] = str

    @contextmanager
    def of(self, function: str, logical_id: Callable[[str], str]) -> Iterator[None]:
        """While it lasts, calls are the function's; `logical_id` says which resource a name or an address is of."""
        before = self._function, self._logical_id
        self._function, self._logical_id = function, logical_id
        try:
            yield
        finally:
            self._function, self._logical_id = before

    def asked(self, **event: Any) -> None:
        """Before a call, and before an address is signed for one."""
        model = event["model"]
        if self._function:
            service, operation = model.service_model.service_name, model.name
            for call in _calls(service, operation, event["params"], self._logical_id):
                self._check(call, operation)

    def answered(self, **event: Any) -> None:
        """S3 says that an object is not there only to whom it would list the bucket; to others it is forbidden."""
        operation = event["model"].name
        if self._function and event["http_response"].status_code == 404 and operation in ("GetObject", "HeadObject"):
            call = Call("s3:ListBucket", self._logical_id(event["context"]["s3_redirect"]["bucket"]))
            if self._allows(call):
                self.made.setdefault(self._function, set()).add(call)
            else:
                event["http_response"].status_code = 403
                event["parsed"]["Error"] = {"Code": "AccessDenied", "Message": str(call)}

    def _allows(self, call: Call) -> bool:
        return any(call.is_under(grant) for grant in grants(self._function))

    def _check(self, call: Call, operation: str) -> None:
        self.made.setdefault(self._function, set()).add(call)
        if not self._allows(call):
            self.denied.append((self._function, call))
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": str(call)}}, operation)


@cache
def watch() -> Watch:
    """Of all tests of this process; made before any client is, since clients take over what their session watches."""
    made = Watch()
    clients.client.cache_clear()
    session = clients.session()
    session.register("provide-client-params", made.asked)
    session.register("after-call.s3", made.answered)
    return made


def _calls(service: str, operation: str, params: Mapping[str, Any], logical_id: Callable[[str], str]) -> Iterator[Call]:
    prefix = PREFIXES.get(service, service)
    action = ACTIONS.get((service, operation), f"{prefix}:{operation}")
    if service == "dynamodb":
        yield from _of_tables(operation, params)
    elif service == "s3":
        yield from _of_buckets(action, operation, params, logical_id(params["Bucket"]))
    elif service == "sesv2":
        named = [f"identity/{parseaddr(params['FromEmailAddress'])[1].rpartition('@')[2]}"]
        if "ConfigurationSetName" in params:
            named.append(f"configuration-set/{params['ConfigurationSetName']}")
        for each in named:
            yield Call(action, each)
            if "Raw" in params["Content"]:
                yield Call("ses:SendRawEmail", each)
    else:
        named = [logical_id(params[name]) for name in NAMED_BY if name in params]
        yield Call(action, *named or [""])


def _of_buckets(action: str, operation: str, params: Mapping[str, Any], bucket: str) -> Iterator[Call]:
    deleted = [each["Key"] for each in params.get("Delete", {}).get("Objects", ())]
    if operation == "CreateBucket":  # how botocore names it when it signs a form to upload with
        yield Call("s3:PutObject", f"{bucket}/")
    elif keys := [params["Key"]] if "Key" in params else deleted:
        yield from (Call(action, f"{bucket}/{key}") for key in keys)
    else:
        yield Call(action, bucket)


def _of_tables(operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    asked = {name: json.loads(each) if isinstance(each, Written) else each for name, each in params.items()}
    named = partitions(json.dumps(asked, default=str).encode())
    for each in named:
        yield Call(f"dynamodb:{each.action or operation}", each.table + index, each.key)
    if not named:
        assert operation not in TRANSACTED, operation
        yield Call(f"dynamodb:{operation}", params["TableName"] + index)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _keys(condition: Any) -> list[str]:
    if condition is None:
        return [ANY_KEY]
    [(operator, of)] = condition.items()
    [(name, patterns)] = of.items()
    assert (operator, name) == ("ForAllValues:StringLike", "dynamodb:LeadingKeys"), condition
    found: list[str] = _several(patterns)
    return found


def _named(resource: Any) -> str:
    """A resource as calls name it here: its logical id, and what follows it."""
    [(function, value)] = resource.items()
    if function == "Ref":
        return str(value)
    if function == "Fn::GetAtt":
        return str(value.removesuffix(".Arn").replace(".StreamArn", "/stream"))
    text: str = value
    if text.startswith("arn:"):
        text = text.rpartition("${AWS::AccountId}:")[2]
        return re.sub(r"\$\{(\w+)\}", lambda found: parameter(found[1]) or "", text)
    return re.sub(r"\$\{(\w+)\.Arn\}", r"\1", text)
