"""Cost of a new connection over TLS, to AWS and to a provider: nothing that runs locally without TLS would show it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from schoolsms.adapters.aws_trust import AMAZON_ROOTS
from tests.benchmarks.measuring.instructions import WITHOUT_VALGRIND, Run, as_deployed, can_count, counted
from tests.benchmarks.measuring.tables import aim, note, table
from tests.support.servers.tls_server import serving_tls

MORE = 2
"""Connections of the longer run beyond those of the shorter one: the difference is what a new one costs."""

AWS = """
import sys
from schoolsms.adapters import aws_trust
aws_trust.AMAZON_ROOTS = sys.argv[2]
from schoolsms.bootstrap.shared.clients import make_client
sqs = make_client("sqs", endpoint_url=sys.argv[1])
for _ in range(int(sys.argv[3])):
    sqs.send_message(QueueUrl=sys.argv[1], MessageBody="b")
"""

PROVIDER = """
import sys
from schoolsms.adapters.providers.transport import Transport
transport = Transport()
for _ in range(int(sys.argv[3])):
    transport.send("POST", sys.argv[1], {"Content-Length": "1"}, b"b", 10)
"""

MOST = {"AWS": 35, "a provider": 10}
"""Million instructions."""


def run() -> bool:
    """Print the table; whether the aims were held."""
    if not can_count():
        note(WITHOUT_VALGRIND)
        return True
    with TemporaryDirectory() as folder, serving_tls(Path(folder)) as server:
        # Amazon's roots and one more, which vouches for the server: reading them costs what it does on AWS.
        roots = Path(folder) / "roots.pem"
        roots.write_bytes(Path(AMAZON_ROOTS).read_bytes() + server.authority.read_bytes())
        runs: dict[str, Run] = {
            f"{name} {times}": ("-c", code, server.url, str(roots), str(times))
            for name, code in (("AWS", AWS), ("a provider", PROVIDER))
            for times in (1, 1 + MORE)
        }
        environment = as_deployed({"SSL_CERT_FILE": str(roots)})
        counts = counted(runs, environment)
    each = {name: (counts[f"{name} {1 + MORE}"] - counts[f"{name} 1"]) / MORE / 1_000_000 for name in MOST}
    table("A new connection over TLS", ("to", "M instructions"), list(each.items()))
    return all([aim(f"≤ {most} M to {name}: {each[name]:.0f}", held=each[name] <= most) for name, most in MOST.items()])
