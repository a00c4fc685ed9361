export const dictionary = [
  "=?",
  "?=",
  "?Q?",
  "?b?",
  "utf-8",
  "*en",
  "us-ascii",
  "=C3=A9",
  "w6k=",
  "_",
  "\r\n ",
  "shift_jis",
];
export const seeds = [
  "=?UTF-8?Q?caf=C3=A9?= =?ISO-8859-1?Q?_cr=E8me?=",
  "a =?utf-8*fr?B?w6k=?=\r\n =?utf-8?b?w6k?= b",
];
