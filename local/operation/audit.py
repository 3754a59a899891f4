"""`make audit`: recompute the accounts of a school, or of all, and print what does not add up.

`SCHOOL` is a UAI, or `ALL`: then also the numbers of invoices and credit notes. A line has the school, what is wrong,
the id of the thing, and why; ids and counts only. Exit 1 if there is a line, 2 if the audit could not be made.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping

from local.machine.settings import UnusableSetting
from local.operation.deployed.stack import Deployed, NotDeployed, deployed
from schoolsms import bootstrap
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock.audits import Finding

NOT_MADE = 2


def findings_of(stack: Deployed, school: str) -> Iterable[Finding]:
    """Yield what does not add up for that school, or for `ALL`. Raises `NotDeployed`, `UnusableSetting` if none."""
    stack.act_as_function()
    audit = bootstrap.audit_accounts()
    if school == "ALL":
        return audit.of_all()
    if audit.schools.get(school) is None:
        raise UnusableSetting(f"SCHOOL={school} is not registered")
    return audit.of_school(school)


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Audit as the settings say; the exit code."""
    school = environ.get("SCHOOL", "")
    try:
        if not re.fullmatch(r"ALL|\d{7}[A-Z]", school):
            raise UnusableSetting("say which school: make audit SCHOOL=0750655E, or SCHOOL=ALL")
        found = 0
        for finding in findings_of(deployed(environ), school):
            found += 1
            print(f"{finding.school or '-':8}  {finding.code}  {finding.id}  {finding.says}", flush=True)
    except (UnusableSetting, NotDeployed, TransientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_MADE
    contradictions = "1 thing does not add up" if found == 1 else f"{found} things do not add up"
    print(f"{school}: {contradictions if found else 'all adds up'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
