import { expect, test } from "vitest";
import { linesOf } from "./ndjson";

async function read(...chunks: string[]): Promise<Record<string, unknown>[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      for (const one of chunks) controller.enqueue(encoder.encode(one));
      controller.close();
    },
  });
  const found = [];
  for await (const line of linesOf(new Response(body))) found.push(line);
  return found;
}

test("lines come whole, wherever the network cuts them", async () => {
  expect(await read('{"a":', '1}\n{"b"', ':"ł"}\n')).toEqual([{ a: 1 }, { b: "ł" }]);
});

test("the last line needs no end, and empty ones are passed over", async () => {
  expect(await read('{"a":1}\n\n{"answer":{}}')).toEqual([{ a: 1 }, { answer: {} }]);
});

test("a connection that breaks inside a line is a problem", async () => {
  await expect(read('{"a":1}\n{"b":')).rejects.toMatchObject({ status: 0, kind: "cut-off" });
});
