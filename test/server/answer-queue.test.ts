import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerQueue } from "../../src/server/answer-queue.ts";

/** A queue, and what it has told. */
function queueOf(inOrder: boolean): {
  queue: AnswerQueue<string>;
  log: { taken: number; ends: boolean[]; dropped: string[] };
} {
  const log = { taken: 0, ends: [] as boolean[], dropped: [] as string[] };
  const queue = new AnswerQueue<string>({
    inOrder,
    onTaken: (operations) => void (log.taken += operations),
    onEnd: (completed) => void log.ends.push(completed),
    onDropped: (answer) => void log.dropped.push(answer),
  });
  return { queue, log };
}

/** All that can be taken until the end. */
async function allOf(queue: AnswerQueue<string>): Promise<string[]> {
  const answers: string[] = [];
  for (;;) {
    const { done, value } = await queue.next();
    if (done === true) return answers;
    answers.push(value);
  }
}

/** Places with so many answers each, in the order in which they are filled. */
const filling = fc.array(fc.nat(3), { maxLength: 12 }).chain((sizes) =>
  fc.record({
    sizes: fc.constant(sizes),
    order: fc.shuffledSubarray([...sizes.keys()], { minLength: sizes.length }),
    /** Before which filling the reader asks for its next answer. */
    asks: fc.array(fc.boolean(), { minLength: sizes.length, maxLength: sizes.length }),
  }),
);

const answersOf = (place: number, size: number): string[] =>
  Array.from({ length: size }, (_, i) => `${place}.${i}`);

describe("Whenever places are filled, their answers are handed out", () => {
  test.each([
    ["in the order in which they were reserved", true],
    ["as they come", false],
  ])("%s", async (_, inOrder) => {
    await fc.assert(
      fc.asyncProperty(filling, async ({ sizes, order, asks }) => {
        const { queue, log } = queueOf(inOrder);
        const fill = sizes.map((size) => queue.reserve(size));
        const asked: (string | undefined)[] = [];
        let asking = Promise.resolve();
        queue.close();
        for (const [i, place] of order.entries()) {
          // One call at a time.
          if (asks[i] === true)
            asking = asking.then(async () => {
              const result = await queue.next();
              if (result.done !== true) asked.push(result.value);
            });
          await undefined;
          fill[place]!(answersOf(place, sizes[place]!));
          // A place is filled once.
          fill[place]!(["again"]);
        }
        await asking;
        const expected = (inOrder ? [...sizes.keys()] : order).flatMap((place) =>
          answersOf(place, sizes[place]!),
        );
        expect([...asked, ...(await allOf(queue))]).toEqual(expected);
        // All operations are done with, those without an answer, too.
        expect(log.taken).toBe(sizes.reduce((sum, size) => sum + size, 0));
        expect([log.ends.at(-1), log.dropped]).toEqual([true, []]);
      }),
    );
  });
});

test("From where order is asked for it is kept", async () => {
  const { queue } = queueOf(false);
  const [a, b] = [queue.reserve(1), queue.reserve(1)];
  queue.keepOrder();
  const [c, d] = [queue.reserve(1), queue.reserve(1)];
  queue.close();
  d(["d"]);
  b(["b"]);
  c(["c"]);
  a(["a"]);
  expect(await allOf(queue)).toEqual(["b", "c", "d", "a"]);
});

test("A place is done with when its last answer is taken", async () => {
  const { queue, log } = queueOf(true);
  const fill = queue.reserve(5);
  fill(["a", "b"]);
  await queue.next();
  expect(log.taken).toBe(0);
  await queue.next();
  expect(log.taken).toBe(5);
  // One that has no answer is done with at once.
  queue.reserve(3)([]);
  expect(log.taken).toBe(8);
});

describe("A queue that has failed", () => {
  test("hands out what is there, then the error, though all has been answered", async () => {
    const { queue, log } = queueOf(true);
    const [a, b] = [queue.reserve(1), queue.reserve(1)];
    a(["a"]);
    queue.fail(new Error("cut off"));
    b(["b"]);
    queue.close();
    expect(await queue.next()).toEqual({ done: false, value: "a" });
    await expect(queue.next()).rejects.toThrow("cut off");
    expect(log).toEqual({ taken: 1, ends: [false], dropped: ["b"] });
  });

  test("wakes whoever waits for an answer", async () => {
    const { queue, log } = queueOf(true);
    queue.reserve(1);
    const next = queue.next();
    queue.fail(new Error("cut off"));
    await expect(next).rejects.toThrow("cut off");
    expect(log.ends).toEqual([false]);
  });

  test("has not started, and drops all its answers", async () => {
    const { queue, log } = queueOf(true);
    const [a, b] = [queue.reserve(1), queue.reserve(1)];
    a(["a"]);
    queue.fail(new Error("cut off"));
    await expect(queue.started()).rejects.toThrow("cut off");
    b(["b"]);
    expect(log.dropped).toEqual(["a", "b"]);
  });
});

test.each([true, false])("Nothing is kept for a reader that has gone; in order: %s", (inOrder) => {
  const { queue, log } = queueOf(inOrder);
  const [a, b, c] = [queue.reserve(2), queue.reserve(1), queue.reserve(1)];
  a(["a", "a'"]);
  c(["c"]);
  void queue.next();
  queue.return();
  b(["b"]);
  expect(log.dropped).toEqual(["a'", "c", "b"]);
  expect(log.ends).toEqual([false]);
});
