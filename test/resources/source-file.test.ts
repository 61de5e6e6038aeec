import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { type Examine, sourceInputs as inputsOf, type SourceArg } from "../../src/resources/source-file";

const SUBJECT = 'SoftwareLoad "upgrade"';
const sourceInputs = (argument: string, source: SourceArg, examine?: Examine) =>
  inputsOf(argument, source, SUBJECT, examine);

pulumi.runtime.setMocks(
  { newResource: ({ inputs }) => ({ id: "", state: inputs }), call: () => ({}) },
  "project",
  "stack",
  true,
);

const CONTENT = "a load";
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

interface Inspected {
  isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

/** The value of an input, `(unknown)` where the engine would not know it. */
async function met(input: unknown): Promise<unknown> {
  if (!pulumi.Output.isInstance(input)) return input;
  const output = input as unknown as Inspected;
  return (await output.isKnown) ? output.promise() : "(unknown)";
}

async function all({ source, sha256, __mediantSize }: ReturnType<typeof sourceInputs>) {
  return { source: await met(source), sha256: await met(sha256), size: await met(__mediantSize) };
}

/** The one error of a source that turns out to be wrong. The SDK's own handler prints it, each error once. */
async function failure(make: () => ReturnType<typeof sourceInputs>): Promise<Error> {
  const others = process.listeners("unhandledRejection");
  const reasons = new Set<unknown>();
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => reasons.add(reason));
  try {
    const { source, sha256, __mediantSize } = make();
    for (const input of [source, sha256, __mediantSize])
      await met(input).catch((reason) => reasons.add(reason));
    await setImmediate();
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  }
  const [reason, ...more] = reasons;
  assert.deepEqual(more, []);
  assert.ok(pulumi.RunError.isInstance(reason));
  return reason;
}

describe("a file as an argument", () => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "source-"));
    path = join(folder, "sbc.cmp");
    await writeFile(path, CONTENT);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const inFolder = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  it("becomes its path, digest and size, however it is given", async () => {
    const expected = { source: path, sha256: SHA256, size: CONTENT.length };
    const given = [
      path,
      new pulumi.asset.FileAsset(path),
      new pulumi.asset.FileAsset(Promise.resolve(path)),
      Promise.resolve(path),
      pulumi.output(path),
      pulumi.output(new pulumi.asset.FileAsset(path)) as unknown as pulumi.Output<string>,
    ];
    for (const source of given) assert.deepEqual(await all(sourceInputs("source", source)), expected);
    assert.equal(sourceInputs("source", path).source, path, "a plain path stays plain");
  });

  it("stays unknown where its path is", async () => {
    const late = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;
    const unknown = { source: "(unknown)", sha256: "(unknown)", size: "(unknown)" };
    assert.deepEqual(await all(sourceInputs("source", late)), unknown);
  });

  it("is read anew when it has changed", async () => {
    const changing = await inFolder("changing.cmp", "one");
    const first = await all(sourceInputs("source", changing));
    await writeFile(changing, "another");
    const second = await all(sourceInputs("source", changing));
    assert.notEqual(first.sha256, second.sha256);
    assert.equal(second.size, 7);
  });

  it("is refused at once, with argument and path, where it is no file that can be sent", async (t) => {
    const empty = await inFolder("empty.cmp", "");
    const unreadable = await inFolder("unreadable.cmp", "x");
    await chmod(unreadable, 0);
    await mkdir(join(folder, "images"));
    const faults: [string, RegExp][] = [
      [join(folder, "missing.cmp"), /does not exist/],
      [join(path, "below"), /does not exist/],
      [folder, /is a folder/],
      [empty, /is empty/],
    ];
    // The superuser reads everything.
    if (process.getuid?.() !== 0) faults.push([unreadable, /cannot be read \(EACCES\)/]);
    else t.diagnostic("not tried as the superuser: a file without permissions");
    for (const [source, fault] of faults) {
      assert.throws(
        () => sourceInputs("licenseFile", source),
        (error: Error) => {
          assert.ok(pulumi.RunError.isInstance(error), source);
          assert.ok(
            error.message.startsWith(`${SUBJECT}: licenseFile: ${JSON.stringify(source)} `),
            error.message,
          );
          assert.match(error.message, fault);
          return true;
        },
      );
      for (const late of [() => Promise.resolve(source), () => new pulumi.asset.FileAsset(source)])
        assert.match((await failure(() => sourceInputs("licenseFile", late()))).message, fault);
    }
  });

  it("is refused where it is no path and no FileAsset", async () => {
    const no = /^SoftwareLoad "upgrade": source must be the path of a file, or a FileAsset$/;
    for (const source of [5, undefined, null, {}, ["a"]])
      assert.throws(() => sourceInputs("source", source as unknown as string), { message: no });
    for (const source of [
      () => new pulumi.asset.StringAsset(CONTENT),
      () => new pulumi.asset.RemoteAsset("https://example.com/sbc.cmp"),
      () => Promise.resolve(5),
    ])
      assert.match(
        (await failure(() => sourceInputs("source", source() as unknown as SourceArg))).message,
        no,
      );
  });

  it("is looked at for its purpose as well", async () => {
    const examine = (looked: string) => (looked === path ? "is not wanted" : undefined);
    assert.throws(() => sourceInputs("source", path, examine), /is not wanted$/);
    const late = await failure(() => sourceInputs("source", Promise.resolve(path), examine));
    assert.match(late.message, /is not wanted$/);
    const other = await inFolder("other.cmp", CONTENT);
    assert.equal((await all(sourceInputs("source", other, examine))).sha256, SHA256);
  });
});
