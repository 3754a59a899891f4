"""`make deploy`: make the stack's receipt rule set the active one of its region, which CloudFormation cannot."""

import sys

import boto3


def main(region: str, rule_set: str) -> int:
    """0 when `rule_set` is active; 1, with what to do, when another one is: it may take a whole domain's mail."""
    ses = boto3.client("ses", region_name=region)
    active = ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name", rule_set)
    if active != rule_set:
        print(f"error: the receipt rule set {active} is active in {region}, and SES keeps one active at a time.")
        print(f"Copy the rule of {rule_set} into it, or make {rule_set} active yourself if {active} is out of use.")
        return 1
    ses.set_active_receipt_rule_set(RuleSetName=rule_set)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
