"""`make openapi`: writes the description of the HTTP API where the service serves it from."""

from local.openapi.document import WRITTEN, build, written

if __name__ == "__main__":
    WRITTEN.write_text(written(build()), "utf-8")
