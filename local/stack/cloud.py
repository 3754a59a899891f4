"""The embedded cloud: MiniStack in a process of its own, its state under `STATE_DIR`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from local.machine.children import Children
from local.machine.settings import ACCOUNT, HOST, LOCAL, REGION, ROOT, Settings, environment_python

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_stepfunctions import SFNClient

START_SECONDS = 180
"""A large state takes some seconds to read, on a busy machine many."""

LAST_WORDS_SECONDS = 1


class CloudFailed(Exception):
    """MiniStack did not start or did not save; the message tells why, or where its log is."""


class Cloud:
    """MiniStack's process, and clients for what runs in it."""

    def __init__(self, settings: Settings, children: Children, say: Callable[[str], None]) -> None:
        """`say` is called with each sentence the cloud has for the operator, from a thread."""
        self._settings = settings
        self._children = children
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._error = ""
        self._listening: threading.Thread | None = None
        self._session = boto3.Session(ACCOUNT, "local", region_name=REGION)
        self._making = threading.Lock()
        state = settings.state_dir
        self.log = state / "logs" / "ministack.log"
        self.function_logs = state / "logs" / "functions"
        self.outbox = state / "outbox"
        self.scratch = state / "tmp"

    def start(self) -> None:
        """Start MiniStack and wait until it answers; raises `CloudFailed`."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for folder in (self.scratch, self.function_logs, self.outbox):
            folder.mkdir(parents=True, exist_ok=True)
        reading, writing = os.pipe()
        try:
            with self.log.open("ab") as log:
                self._process = self._children.start(
                    [str(environment_python("ministack")), "-P", str(ROOT / "local" / "ministack" / "patches.py")],
                    env=self._environment() | {"NOTICES_FD": str(writing)},
                    cwd=self.scratch,
                    output=log,
                    pass_fds=(writing,),
                )
        finally:
            os.close(writing)
            self._listening = threading.Thread(target=self._listen, args=(reading,), daemon=True)
            self._listening.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise CloudFailed(self.failure() or f"the embedded cloud did not start, see {self.log}")
            time.sleep(0.05)

    def _listen(self, reading: int) -> None:
        """Show the cloud's notices until it has ended; an error is kept for who finds that it has."""
        with os.fdopen(reading, encoding="utf-8", errors="replace") as notices:
            for notice in notices:
                kind, _, sentence = notice.rstrip("\n").partition(": ")
                if kind == "error":
                    self._error = sentence
                else:
                    self._say(sentence)

    def failure(self) -> str:
        """The reason the cloud itself gave for its end, "" if none; for a cloud that has ended."""
        if self._listening:
            self._listening.join(LAST_WORDS_SECONDS)
        if self._process is not None and self._process.returncode == -signal.SIGKILL:
            return self._error or "the embedded cloud was killed before it had saved; the next start says what is lost"
        return self._error

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _answers(self) -> bool:
        try:
            self.s3.list_buckets()
        except BotoCoreError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        state = self._settings.state_dir
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),  # what the patches import of `local`
            "PYTHONUNBUFFERED": "1",
            "PYTHONNOUSERSITE": "1",
            "TMPDIR": str(self.scratch),
            "GATEWAY_PORT": str(self._settings.aws_port),
            "BIND_HOST": HOST,
            "MINISTACK_HOST": HOST,
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL": self._settings.functions_via or self._settings.aws_endpoint,
            "AUTH": "true",  # each function may do what its role allows, no more
            "LAMBDA_WARM_TTL_SECONDS": "300",  # after which a function's surplus processes end
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state / "cloud"),
            "SAVE_PAUSE_SECONDS": self._settings.save_pause_seconds,
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
            "OUTBOX_DIR": str(self.outbox),
            "LOG_FILE": str(self.log),
            "FUNCTION_LOGS_DIR": str(self.function_logs),
            "TRANSFORMS_DIR": str(LOCAL / "transforms"),
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the embedded cloud, without retries: it is here or it is stopping."""
        with self._making:  # one session, because each reads what it knows of AWS again; it is not for several threads
            return self._session.client(
                cast(Any, service),
                endpoint_url=self._settings.aws_endpoint,
                config=Config(
                    retries={"total_max_attempts": 1},
                    connect_timeout=2,
                    read_timeout=60,
                    proxies={},
                    s3={"addressing_style": "path"},
                ),
            )

    @property
    def s3(self) -> S3Client:
        return cast("S3Client", self.client("s3"))

    @property
    def cloudformation(self) -> CloudFormationClient:
        return cast("CloudFormationClient", self.client("cloudformation"))

    @property
    def secrets(self) -> SecretsManagerClient:
        return cast("SecretsManagerClient", self.client("secretsmanager"))

    @property
    def ses(self) -> SESV2Client:
        return cast("SESV2Client", self.client("sesv2"))

    @property
    def sns(self) -> SNSClient:
        return cast("SNSClient", self.client("sns"))

    @property
    def step_functions(self) -> SFNClient:
        return cast("SFNClient", self.client("stepfunctions"))
