"""Sends the operations that standard input has, a JSON array, in one BatchHttpRequest; prints what came of each."""

import json
import sys

import httplib2
from googleapiclient.http import BatchHttpRequest, HttpRequest

batch_uri, operations = sys.argv[1], json.load(sys.stdin)
results = []


def callback(request_id, response, error):
    if error is not None:
        results.append([request_id, int(error.resp.status), error.content.decode()])
    else:
        results.append([request_id] + response)


batch = BatchHttpRequest(callback=callback, batch_uri=batch_uri)
for operation in operations:
    body = operation.get("body")
    batch.add(
        HttpRequest(
            None,
            lambda response, content: [int(response.status), content.decode()],
            operation["uri"],
            method=operation["method"],
            body=None if body is None else body.encode(),
            headers={"content-type": "application/json"} if body is not None else {},
        ),
        request_id=operation.get("id"),
    )
batch.execute(http=httplib2.Http())
json.dump(results, sys.stdout)
