import { expect, test } from "vitest";
import { JsonArrayParser } from "../../src/codec/json-array-parser.ts";
import { octets } from "../support/chunkings.ts";

test("tells members and elements as they come", () => {
  const parser = new JsonArrayParser({ key: "value" });
  parser.push(
    octets('\xef\xbb\xbf { "count" : 2, "v\\u0061lue":[ {"a":"]}\\""} , 1 ,[2]], "@nextLink":"x" } '),
  );
  const seen: string[] = [];
  for (let event; (event = parser.read()) !== undefined;) {
    if (event.type === "element")
      seen.push(`${parser.path}@${parser.valueOffset} ${String.fromCharCode(...event.data)}`);
    else if (event.type === "member") seen.push(`${event.name}=${event.text}`);
    else seen.push("end");
  }
  parser.end();
  expect(seen).toEqual(["count=2", '1@34 {"a":"]}\\""}', "2@49 1", "3@52 [2]", '@nextLink="x"', "end"]);
});
