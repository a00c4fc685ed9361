"""Reads a response to a batch, head and all, with the modules of Python's library; prints its parts as JSON."""

import json
import sys
from email import policy
from email.parser import BytesParser

data = sys.stdin.buffer.read()
status_line, _, rest = data.partition(b"\r\n")
outer = BytesParser(policy=policy.HTTP).parsebytes(rest)
parts = []
for part in outer.iter_parts():
    head, _, rest = part.get_payload(decode=True).partition(b"\r\n")
    message = BytesParser(policy=policy.HTTP).parsebytes(rest)
    parts.append(
        {
            "headers": {name: str(value) for name, value in part.items()},
            "statusLine": head.decode(),
            "fields": {name: str(value) for name, value in message.items()},
            "body": message.get_payload(decode=True).decode(),
            "defects": [type(defect).__name__ for defect in part.defects + message.defects],
        }
    )
json.dump(
    {
        "statusLine": status_line.decode(),
        "type": outer.get_content_type(),
        "defects": [type(defect).__name__ for defect in outer.defects],
        "preamble": outer.preamble,
        "epilogue": outer.epilogue,
        "parts": parts,
    },
    sys.stdout,
)
