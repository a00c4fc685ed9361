/** Words and seeds of each transfer encoding. */
export const base64 = {
  dictionary: ["QUJD", "QQ==", "QUI=", "=", "====", "\r\n", "-_", "QR==", "QUJ="],
  seeds: ["SGVsbG8sIHdv\r\ncmxkIQ==", "QQ==\r\nQUI=", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo= \t\r\n", "Q*Q=="],
};

export const quotedPrintable = {
  dictionary: ["=3D", "=\r\n", "= \t\r\n", "=\n", "\r\n", " \r\n", "\t", "=C3=A9", "=g2", "=0", "\r", "\0"],
  seeds: [
    "caf=C3=A9 =\r\nau lait  \r\n",
    "a= \t\r\n=0D=0A=",
    "=\r\n \t\r\nx\ry=g2=0\x7f\n",
    "word ".repeat(20),
  ],
};
