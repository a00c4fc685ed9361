import * as path from "./path.mjs";

const TYPE = "Content-Type: application/http\r\n";

export const dictionary = [TYPE, `${TYPE}\r\n`, `\r\n--b\r\n${TYPE}\r\n`, ...path.dictionary];

const parts = (...messages) => `${messages.map((message) => `--b\r\n${TYPE}${message}\r\n`).join("")}--b--`;

export const seeds = [
  parts(
    "\r\nGET /me HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nPOST a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
    "\r\nGET /me HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: 1\r\n\r\n",
  ),
  parts(
    "Content-Transfer-Encoding: base64\r\n\r\nR0VUIC8gSFRUUC8xLjENCg0K\r\n",
    "Content-Transfer-Encoding: 8bit\r\n\r\nHTTP/1.1 204 No Content\r\nA: \xc3\xa9\r\n\r\n",
  ),
  ...path.seeds,
];
