/**
 * What the recorded exchanges hold. After an exchange's name stand the quirks of its programs that
 * are no deviations, by their numbers in the corpus's `interop.md`; then, a line each:
 * - `>` the request, `<` the response: operations (method and target, or status and reason; the
 *   Content-ID of the part or of the message inside it), form entries or groups; behind a colon the
 *   body, of JSON its members and the lengths of its arrays;
 * - `>!` and `<!` the deviations that a lenient reader reports there, all of them, with their quirks.
 */
export const table = `
angularbatcher-space-in-url
  > GET /api/products?q=a b
  > POST /api/products: {n}
  > DELETE /api/products/1
  >! space-in-target  Q21
  < 44 octets of text/plain
azblob-batch-error-auth  Q14
  > DELETE /devstoreaccount1/box/f.txt [part 0]
  >! unterminated-head  Q1
  < 342 octets of application/xml
azblob-delete-partial  Q14 Q25
  > DELETE /devstoreaccount1/box/c.txt [part 0]
  > DELETE /devstoreaccount1/box/missing.txt [part 1]
  > DELETE /devstoreaccount1/box/d.txt [part 2]
  >! unterminated-head  Q1
  < 202 Accepted [part 0]
  < 404 The specified blob does not exist. [part 1]: 235 octets of application/xml
  < 202 Accepted [part 2]
  <! unterminated-head  Q1
azblob-settier-ok  Q14
  > PUT /devstoreaccount1/box/e.txt?comp=tier [part 0]
  > PUT /devstoreaccount1/box/f.txt?comp=tier [part 1]
  >! unterminated-head  Q1
  < 200 OK [part 0]
  < 200 OK [part 1]
  <! unterminated-head  Q1
aztable-tx-fail-conflict  Q2 Q11 Q20
  > group
  >   POST http://127.0.0.1:45971/devstoreaccount1/Tbl1: {PartitionKey RowKey name}
  >   POST http://127.0.0.1:45971/devstoreaccount1/Tbl1: {PartitionKey RowKey name}
  < group
  <   409 Conflict [inner 2]: {odata.error}
aztable-tx-mixed-ops  Q2 Q20
  > group
  >   PATCH http://127.0.0.1:45971/devstoreaccount1/Tbl1(PartitionKey='p',RowKey='1'): {PartitionKey RowKey name}
  >   PUT http://127.0.0.1:45971/devstoreaccount1/Tbl1(PartitionKey='p',RowKey='4'): {PartitionKey RowKey name}
  >   DELETE http://127.0.0.1:45971/devstoreaccount1/Tbl1(PartitionKey='p',RowKey='2''q')
  < group
  <   204 No Content
  <   204 No Content
  <   204 No Content
aztable-tx-ok  Q2 Q20
  > group
  >   POST http://127.0.0.1:45971/devstoreaccount1/Tbl1: {PartitionKey RowKey name uni n}
  >   POST http://127.0.0.1:45971/devstoreaccount1/Tbl1: {PartitionKey RowKey name}
  >   PATCH http://127.0.0.1:45971/devstoreaccount1/Tbl1(PartitionKey='p',RowKey='3'): {PartitionKey RowKey d d@odata.type big big@odata.type bin bin@odata.type}
  >   PUT http://127.0.0.1:45971/devstoreaccount1/Tbl1(PartitionKey='p',RowKey='4'): {PartitionKey RowKey name}
  < group
  <   204 No Content
  <   204 No Content
  <   204 No Content
  <   204 No Content
batchelor-get-post
  > GET /plusDomains/v1/people/me [part Batchelor_1776b197c060952940d8e5187922eae4]
  > POST /x [part my-id]: {n}
  >! malformed-parameter  Q17
  >! missing-http-version  Q22
  >! bare-lf  Q4
  >! unterminated-head  Q1
  < 200 OK [part response-Batchelor_1776b197c060952940d8e5187922eae4]: {ok}
  < 200 OK [part response-my-id]: {ok}
cap9-json-accept-multipart  Q18
  > {requests[2]}
  < 200 OK: {@odata.context ID name}
  < group
  <   201 Created: {@odata.context ID name}
cap9-json-basic
  > {requests[4]}
  < {responses[4]}
cap9-json-group-fail
  > {requests[2]}
  < {responses[2]}
cap9-mp-204  Q19 Q29
  > group
  >   POST Authors [part 1]: {ID name}
  > group
  >   DELETE Authors(3) [part 1]
  < group
  <   204 No Content [part 1]
  < group
  <   204 No Content [part 1]
cap9-mp-basic  Q19 Q29
  > group
  >   POST Authors [part 1]: {ID name}
  >   POST $1/books [part 2]: {ID title stock}
  >   PATCH $2 [part 3]: {stock}
  > GET Books?$filter=stock%20gt%201&$expand=author
  > GET Authors(1)
  > GET hello(name='x')
  < group
  <   201 Created [part 1]: {@odata.context ID name}
  <   201 Created [part 2]: {@odata.context ID title stock author_ID}
  <   200 OK [part 3]: {@odata.context ID title stock author_ID}
  < 200 OK: {@odata.context value[1]}
  < 200 OK: {@odata.context ID name}
  < 200 OK: {@odata.context value}
cap9-mp-changeset-fail  Q27 Q28
  > group
  >   POST Authors [part 1]: {ID name}
  >   POST Authors [part 2]: {ID name}
  > GET Authors
  < 500 Internal Server Error [part 2]: {error}
  < 200 OK: {@odata.context value[1]}
cap9-mp-fail-continue-v4  Q19
  > GET Books(999)
  > GET Books
  < 404 Not Found: {error}
  < 200 OK: {@odata.context value[1]}
cronofy-batch
  > {batch[2]}
  < {batch[2]}
curl-F-encoder  Q35
  > "q" "up.bin": 6 octets of application/octet-stream
  > "p": 11 octets of text/plain
  < 2 octets of no type
curl-F-nested-mixed  Q33
  > group "files"
  >   "up.bin": 6 octets of application/octet-stream
  >   "up.bin": 6 octets of application/octet-stream
  < 2 octets of no type
curl-batching-chunked
  > GET /a
  < 2 octets of no type
datajs-v2-merge-delete  Q7 Q15
  > group
  >   MERGE Authors(601): {name}
  >   DELETE Authors(602)
  < group
  <   200 OK: {d}
  <   204 No Content
datajs-v2-ok  Q11 Q15
  > group
  >   POST Authors [inner 1]: {ID name}
  >   POST Authors [inner 2]: {ID name}
  > GET Authors?$filter=ID%20gt%20600&$format=json
  >! content-length-mismatch  Q5
  < group
  <   201 Created [part 1] [inner 1]: {d}
  <   201 Created [part 2] [inner 2]: {d}
  < 200 OK: {d}
gapibatcher-get-post  Q15 Q24
  > GET /a?x=1&y=%20 [part 1]
  > POST /b [part 2]: {n}
  >! bare-lf  Q4
  < 200 OK [part 1]: {bodyLen bodySha256 headers host method proto uri}
  < 200 OK [part 2]: {bodyLen bodySha256 headers host method proto uri}
go-batching-204
  > DELETE /a [part <i1>]
  > POST /b [part <i1>]: 7 octets of no type
  < 204 No Content [part <response-i1>]
  < 200 OK [part <response-i1>]: {bodyLen bodySha256 headers host method proto uri}
go-response-chunked  Q32
  > GET /a?x=1 [part <i1>]
  > POST /b [part <i1>]: 7 octets of no type
  < 200 OK [part <response-i1>]: {bodyLen bodySha256 headers host method proto uri}
  < 200 OK [part <response-i1>]: {bodyLen bodySha256 headers host method proto uri}
googleapi-basic  Q10 Q16
  > GET /zoos/v1/animals?alt=json [part <b7e8afc9-c555-44a6-aeec-5867d6d4b093 + 1>]
  > POST /zoos/v1/animals?alt=json [part <b7e8afc9-c555-44a6-aeec-5867d6d4b093 + 2>]: {name}
  >! bare-lf  Q4
  < 200 OK [part <response-b7e8afc9-c555-44a6-aeec-5867d6d4b093 + 1>]: {id}
  < 200 OK [part <response-b7e8afc9-c555-44a6-aeec-5867d6d4b093 + 2>]: {id}
googleapi-body-from-and-long  Q10 Q16
  > POST /x [part <9a2788c0-84e2-449d-ac35-4a4b3d0e08c3 + 1>]: 1219 octets of text/plain
  >! bare-lf  Q4
  >! content-length-mismatch  Q6
  < 200 OK [part <response-9a2788c0-84e2-449d-ac35-4a4b3d0e08c3 + 1>]: {id}
googleapi-long-id-folded  Q9 Q10 Q16
  > GET /x [part <2fd61d91-650d-4ba8-b127-22689ba2c7cc + id-zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz>]
  >! bare-lf  Q4
  < 200 OK [part <response-2fd61d91-650d-4ba8-b127-22689ba2c7cc + id-zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz>]: {id}
msgraph-batch
  > {requests[5]}
  < {responses[5]}
nodefetch-formdata
  > "a": 7 octets of text/plain
  > "näme %22q%22 %0D%0A %": 7 octets of text/plain
  > "f" "fil%22e%0D%0Añ😀.bin": 6 octets of application/x-t
  > "g" "blob": 1 octets of application/octet-stream
  > "empty": 0 octets of text/plain
  < "a": 7 octets of text/plain
  < "näme %22q%22 %0D%0A %": 7 octets of text/plain
  < "f" "fil%22e%0D%0Añ😀.bin": 6 octets of application/x-t
  < "g" "blob": 1 octets of application/octet-stream
  < "empty": 0 octets of text/plain
odatabatch-v2-ok  Q14 Q20
  > group
  >   POST http://127.0.0.1:42067/odata/v2/cat/Authors: {ID name}
  >   PUT http://127.0.0.1:42067/odata/v2/cat/Authors(841): {name}
  < 404 Not Found: {error}
odatabatchrequest-v4-ok  Q14 Q23
  > group
  >   POST Authors [part 1]: {ID name}
  >   POST $1/books [part 2]: {ID title}
  > GET Authors(851)
  > GET Authors
  < group
  <   201 Created [part 1]: {@odata.context ID name}
  <   201 Created [part 2]: {@odata.context ID title stock author_ID}
  < 200 OK: {@odata.context ID name}
  < 200 OK: {@odata.context value[7]}
odataclient-v4-batch  Q2 Q3 Q14
  > group
  >   POST Authors: {ID name}
  > GET Authors?$top=1: 4 octets of no type
  < {responses[2]}
ojs-get  Q3 Q20
  > GET http://127.0.0.1:42067/odata/v4/cat/Authors [part 1]
  > GET http://127.0.0.1:42067/odata/v4/cat/Authors(801) [part 2]
  < 404 Not Found [part 1]: {error}
sapsdk-v4-delete  Q2 Q10
  > group
  >   DELETE /Authors(ID=701) [part 32a69b47-8b19-4086-9a34-fbb268e26d82]: 2 octets of white space
  < group
  <   204 No Content [part 32a69b47-8b19-4086-9a34-fbb268e26d82]
sapsdk-v4-ok  Q10
  > group
  >   POST /Authors [part d7dbfb7a-7f71-4886-841c-f8b923d5fc18]: {ID name}
  >   POST /Books [part 471fdc6c-8dcd-4d78-bf0a-c38a29cd46ce]: {ID title}
  > GET /Authors?$top=2
  > GET /Authors(ID=701)
  < group
  <   201 Created [part d7dbfb7a-7f71-4886-841c-f8b923d5fc18]: {@odata.context ID name}
  <   201 Created [part 471fdc6c-8dcd-4d78-bf0a-c38a29cd46ce]: {@odata.context ID title stock author_ID}
  < 200 OK: {@odata.context value[1]}
  < 200 OK: {@odata.context ID name}
ucwa-2013-get-get-1  Q15
  > GET /ucwa/oauth/v1/applications/104209230921/people/contacts
  > GET /ucwa/oauth/v1/applications/104209230921/me
  < 200 OK: {_links _embedded rel}
  < 200 OK: {name uri emailAddresses[1] title department _links rel}
ucwa-2013-get-get-post-204  Q7 Q15
  > GET /ucwa/oauth/v1/applications/101384582682/me/presence
  > GET /ucwa/oauth/v1/applications/101384582682/me/note
  > POST /ucwa/oauth/v1/applications/101384582682/me/note: {message}
  >! content-length-mismatch  Q3
  < 200 OK: {availability _links rel}
  < 200 OK: {message type _links rel}
  < 204 No Content
ui5v4-changeset-ok  Q12 Q13 Q19
  > epilogue "Group ID: $auto"
  > group
  >   POST Authors [part 0.0]: {ID name}
  >   POST $0.0/books [part 1.0]: {ID title}
  > GET Authors?$count=true&$expand=books
  < group
  <   201 Created [part 0.0]: {@odata.context ID name}
  <   201 Created [part 1.0]: {@odata.context ID title stock author_ID}
  < 200 OK: {@odata.context @odata.count value[1]}
ui5v4-delete-204  Q12 Q13 Q19
  > epilogue "Group ID (API): upd"
  > group
  >   DELETE Books(5010) [part 0.0]
  < group
  <   204 No Content [part 0.0]
undici7-formdata-empty  Q35
  > (no parts)
  < 2 octets of no type
cronofy-doc
  > {batch[2]}
  < {batch[2]}
ucwa-doc-json
  > GET /ucwa/v1/applications/11540713861/policies
  > GET /ucwa/v1/applications/11540713861/me/phones
  < 200 OK: {telephonyMode exchangeUnifiedMessaging logging loggingLevel photos voicemailUri _links rel}
  < 200 OK: {_links _embedded rel}
ucwa-doc-xml
  > GET /ucwa/v1/applications/11540713861/policies
  > GET /ucwa/v1/applications/11540713861/me/phones
  < epilogue "\\r\\n"
  < 200 OK: 485 octets of application/vnd.microsoft.com.ucwa+xml
  < 200 OK: 1829 octets of application/vnd.microsoft.com.ucwa+xml
`;
