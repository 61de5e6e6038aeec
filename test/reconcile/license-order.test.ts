import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import type { DeviceClient } from "../../src/device/client";
import { DeviceError } from "../../src/device/errors";
import type { ResetOutcome } from "../../src/device/reset/waiter";
import { fileOrder, keyOrder } from "../../src/reconcile/license/order";
import { sha256, temporaryFolder } from "../shared/files";

const KEY = "r6wmr5to25smaB12d21aiSl94yMCf3lsfjBjagcch1kq9AZ9MJqqCOw4";
const OTHER = "r6wmr5to25smaB12d21aiSl94yMCf3lsfjBjagcch1kq9AZ9MJqqCOw5";
const OUTCOME = { answered: true, wentDown: true } as ResetOutcome;
const WAIT = { label: "licence" };

/** A client that takes what it is given, or fails. */
function client(fails?: Error): { asClient: DeviceClient; sent: unknown[][] } {
  const sent: unknown[][] = [];
  const put = async (...args: unknown[]) => {
    sent.push(args);
    if (fails !== undefined) throw fails;
    return OUTCOME;
  };
  return { asClient: { putLicenseKey: put, putLicenseFile: put } as unknown as DeviceClient, sent };
}

test("a key is for the unit that is named, and it alone is sent", async () => {
  const order = keyOrder(KEY, "4711");
  assert.deepEqual(order.serialNumbers, ["4711"]);
  assert.equal(order.place, "serialNumber is 4711");
  assert.deepEqual(order.secrets, [KEY]);
  assert.deepEqual(order.wanted([{ serialNumber: "42", key: KEY }]), [
    { serialNumber: "4711", digest: sha256(KEY) },
  ]);
  const { asClient, sent } = client();
  assert.equal(await order.put(asClient, WAIT), OUTCOME);
  assert.deepEqual(sent, [[{ key: KEY, serialNumber: "4711" }, WAIT]]);
});

test("a key without a serial number is for any unit: the one that has it, else the one that answers", () => {
  const order = keyOrder(KEY, undefined);
  assert.deepEqual(order.serialNumbers, []);
  const units = [
    { serialNumber: "1", key: OTHER },
    { serialNumber: "2", key: `${KEY.slice(0, 8)} ${KEY.slice(8)}` },
  ];
  assert.deepEqual(order.wanted(units), [{ serialNumber: "2", digest: sha256(KEY) }]);
  assert.deepEqual(order.wanted(units.slice(0, 1)), [{ serialNumber: "1", digest: sha256(KEY) }]);
});

test("a pair that refuses a key in words is told of the licence file; any other error is the device's own", async () => {
  const { pairFault = "" } = keyOrder(KEY, undefined);
  assert.match(pairFault, /^key cannot be installed on an HA pair.*: use licenseFile/);
  const error = (status: number, description?: string) =>
    new DeviceError("MEDIANT_CONFLICT", "refused", { device: "sbc1", status, description });
  const thrown = (fails: Error) =>
    keyOrder(KEY, undefined)
      .put(client(fails).asClient, WAIT)
      .then(
        () => assert.fail("nothing was thrown"),
        (caught: Error) => caught,
      );
  for (const words of [
    "License key can\u2019t be applied to device in HA configuration. Use license file instead.",
    "use a LICENCE  FILE",
  ])
    assert.equal((await thrown(error(409, words))).message, pairFault);
  for (const own of [
    error(409, "Device is currently performing HA synchronization"),
    error(409),
    error(400, "The license file is bad"),
    Object.assign(new Error("license file"), { status: 409, description: "Use license file instead." }),
  ])
    assert.equal(await thrown(own), own);
});

async function fileOf(t: TestContext, text: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(t, "licence-"), "two units.txt");
  await writeFile(path, text);
  return path;
}

test("a licence file has a key for each of its units, and is sent as it is", async (t) => {
  const text = Buffer.from(`; caf\u00e9\nS/N 1\n${KEY}\nS/N 2 ${OTHER}\n`, "latin1");
  const path = await fileOf(t, text);
  const order = await fileOrder(path, sha256(text));
  assert.deepEqual(order.serialNumbers, ["1", "2"]);
  assert.equal(order.place, "licenseFile has keys for S/N 1, 2");
  assert.deepEqual(order.secrets, [KEY, OTHER]);
  assert.equal(order.pairFault, undefined);
  assert.deepEqual(order.wanted([]), [
    { serialNumber: "1", digest: sha256(KEY) },
    { serialNumber: "2", digest: sha256(OTHER) },
  ]);
  const { asClient, sent } = client();
  assert.equal(await order.put(asClient, WAIT), OUTCOME);
  assert.deepEqual(sent, [[text, basename(path), [KEY, OTHER], WAIT]]);
});

test("a file that is gone, has changed or is no licence is named, and none of its keys", async (t) => {
  const path = await fileOf(t, `S/N 1\n${KEY}\n`);
  const refused = (file: string, digest?: string) =>
    fileOrder(file, digest).then(
      () => assert.fail("it was taken"),
      ({ name, message }: Error) => {
        assert.equal(name, "ReconcileError");
        assert.ok(!message.includes(KEY));
        return message;
      },
    );
  const named = (fault: string, file = path) => `licenseFile: ${JSON.stringify(file)} ${fault}`;
  assert.equal(await refused(path), named("changed since the program looked at it"));
  assert.equal(await refused(path, sha256(KEY)), named("changed since the program looked at it"));
  assert.equal(await refused(`${path}x`, sha256(KEY)), named("cannot be read (ENOENT)", `${path}x`));
  const twice = `S/N 1 ${KEY}\nS/N 1 ${KEY}\n`;
  const other = await fileOf(t, twice);
  assert.equal(await refused(other, sha256(twice)), named("has S/N 1 twice", other));
});
