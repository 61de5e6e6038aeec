import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadCache } from "../../src/device/shared/read-cache";
import { ManualClock } from "./clock";

function counted(text: string) {
  const fetch = Object.assign(
    async () => {
      fetch.count++;
      return Buffer.from(`${text} ${fetch.count}`);
    },
    { count: 0 },
  );
  return fetch;
}

const text = async (document: Promise<Buffer>) => (await document).toString();

test("readers at the same time share one fetch, and so do those of the next five minutes", async () => {
  const clock = new ManualClock();
  const cache = new ReadCache(clock);
  const fetch = counted("ini");
  const together = await Promise.all(Array.from({ length: 40 }, () => text(cache.get("ini", fetch))));
  assert.deepEqual(new Set(together), new Set(["ini 1"]));
  await clock.advance(299_999);
  assert.equal(await text(cache.get("ini", fetch)), "ini 1");
  await clock.advance(1);
  assert.equal(await text(cache.get("ini", fetch)), "ini 2");
});

test("documents are told apart by key", async () => {
  const cache = new ReadCache();
  assert.equal(await text(cache.get("ini", counted("ini"))), "ini 1");
  assert.equal(await text(cache.get("cli", counted("cli"))), "cli 1");
});

test("a write drops what is kept and what is on its way", async () => {
  const cache = new ReadCache();
  let finish: (document: Buffer) => void = () => {};
  const before = cache.get("ini", () => new Promise<Buffer>((resolve) => (finish = resolve)));
  cache.drop();
  const fetch = counted("after");
  const after = cache.get("ini", fetch);
  finish(Buffer.from("before"));
  assert.equal(await text(before), "before");
  assert.equal(await text(after), "after 1");
  assert.equal(await text(cache.get("ini", fetch)), "after 1");
  cache.drop();
  assert.equal(await text(cache.get("ini", fetch)), "after 2");
});

test("a fetch that fails is not kept, and drops no later one", async () => {
  const cache = new ReadCache();
  let fail: (error: Error) => void = () => {};
  const failing = cache.get("ini", () => new Promise<Buffer>((_, reject) => (fail = reject)));
  cache.drop();
  const fetch = counted("ini");
  await cache.get("ini", fetch);
  fail(new Error("lost"));
  await assert.rejects(failing, /lost/);
  assert.equal(await text(cache.get("ini", fetch)), "ini 1");
  cache.drop();
  await assert.rejects(
    cache.get("ini", async () => {
      throw new Error("again");
    }),
    /again/,
  );
  assert.equal(await text(cache.get("ini", fetch)), "ini 2");
});
