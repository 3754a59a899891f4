"""Keys of items that several stores of the accounts table write."""

from schoolsms.adapters.dynamodb.client.codec import Item


def profile_key(uai: str) -> Item:
    """Return the key of a school's registration, with the operator's decisions and the warnings it got."""
    return {"pk": f"SCHOOL#{uai}", "sk": "PROFILE"}
