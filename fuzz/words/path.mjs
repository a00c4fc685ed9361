import * as http from "./http.mjs";
import * as multipart from "./multipart.mjs";

const line = (...lines) => lines.map((text) => `${text}\r\n`);

export const dictionary = [
  ...line(
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Type: multipart/mixed; boundary=c",
  ),
  "--c\r\n",
  "\r\n--c\r\n",
  "\r\n--c--",
  "=0D=0A",
  "=\r\n",
  "R0VUIC8gSFRUUC8xLjENCg0K",
  "==",
  ...multipart.dictionary.filter((word) => !word.includes("----")),
  ...http.dictionary,
];

const parts = (...messages) => `${messages.map((message) => `--b\r\n${message}\r\n`).join("")}--b--`;

export const seeds = [
  parts(
    "A: 1\r\n\r\nGET /me HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nPOST a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
  ),
  parts(
    "Content-Transfer-Encoding: base64\r\n\r\nR0VUIC8gSFRUUC8xLjENCg0K\r\n",
    "\r\nHTTP/1.1 200 OK\r\n\r\n",
  ),
  parts("Content-Transfer-Encoding: quoted-printable\r\n\r\nGET / HTTP/1.1=0D=0A=\r\nA: 1\r\n\r\n"),
  parts(
    "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n--c\r\n\r\nGET b\r\n--c--",
  ),
];
