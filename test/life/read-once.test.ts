import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { cliScriptConfig } from "../../src/reconcile/cli/cli-script-config";
import { incrementalIniConfig } from "../../src/reconcile/ini/incremental-ini-config";
import type { Named } from "../../src/reconcile/life/engine-answers";
import type { Resource, Stored } from "../../src/reconcile/life/life";
import type { Simulator } from "../../src/simulator";
import { newLife } from "../shared/life";
import { onTheWire } from "../shared/on-the-wire";
import { requestLog, startFresh } from "../shared/simulated";

/** How often a text as long as the document was made of bytes, and taken apart into lines. */
interface Counted {
  decoded: number;
  split: number;
}

/** The judge of what is whole has one look at a document, and the resources together have another one. */
const ONCE: Counted = { decoded: 2, split: 2 };

function count(t: TestContext, length: number): Counted {
  const counted: Counted = { decoded: 0, split: 0 };
  const { decode } = TextDecoder.prototype;
  t.mock.method(
    TextDecoder.prototype,
    "decode",
    function (this: InstanceType<typeof TextDecoder>, ...bytes: [Uint8Array]) {
      const text = decode.apply(this, bytes);
      if (text.length >= length) counted.decoded++;
      return text;
    },
  );
  const split: (this: string, ...by: never[]) => string[] = String.prototype.split;
  t.mock.method(String.prototype, "split", function (this: string, ...by: never[]) {
    if (this.length >= length) counted.split++;
    return split.apply(this, by);
  });
  // A script is taken apart by looking for one line end after the other, from its beginning on.
  const { indexOf } = String.prototype;
  t.mock.method(String.prototype, "indexOf", function (this: string, searched: string, from = 0) {
    if (searched === "\n" && from <= 1 && this.length >= length) counted.split++;
    return indexOf.call(this, searched, from);
  });
  return counted;
}

/** What a drift check of so many resources, each declared for one device, costs. */
async function driftCheck<Inputs extends Named, State extends Inputs & Stored>(
  t: TestContext,
  resource: Resource<Inputs, State>,
  declared: readonly object[],
  path: string,
): Promise<Counted & { requests: string[] }> {
  const simulator = await startFresh({});
  t.mock.method(console, "log", () => {});
  try {
    const device = { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" };
    const applying = newLife(resource);
    const made = await Promise.all(
      declared.map((one, at) => {
        const inputs = { device, ...one, __mediantName: `r${at}`, __provider: "the thunk" };
        const checked = applying.check(onTheWire(inputs) as unknown as Inputs);
        assert.deepEqual(checked.failures, []);
        return applying.create(checked.inputs);
      }),
    );
    const { length } = await documentOf(simulator, path);
    const requests = requestLog({ simulator });
    const life = newLife(resource);
    const counted = count(t, length);
    const read = await Promise.all(made.map(({ id, outs }) => life.read(id, onTheWire(outs))));
    t.mock.restoreAll();
    assert.equal(read.length, declared.length);
    return { ...counted, requests: requests() };
  } finally {
    await simulator.close();
  }
}

async function documentOf({ url }: Simulator, path: string): Promise<string> {
  const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
  const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization } });
  assert.equal(answer.status, 200);
  return answer.text();
}

const range = (length: number) => Array.from({ length }, (_, at) => at);

for (const resources of [1, 2, 12]) {
  test(`a drift check decodes and parses the ini of a device once, for ${resources} resources`, async (t) => {
    const rows = range(resources).map((at) => ({
      tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } },
    }));
    const { requests, ...counted } = await driftCheck(t, incrementalIniConfig, rows, "/files/ini");
    assert.deepEqual(requests, ["GET /files/ini"]);
    assert.deepEqual(counted, ONCE);
  });

  test(`and the CLI script of a device, for ${resources} resources`, async (t) => {
    const scripts = range(resources).map((at) => ({
      script: `configure voip\n  proxy-set ${at + 1}\n    proxy-name "PS_${at}"\n    activate\n  exit\nexit\n`,
    }));
    const { requests, ...counted } = await driftCheck(t, cliScriptConfig, scripts, "/files/cliScript");
    assert.deepEqual(requests, ["GET /files/cliScript"]);
    assert.deepEqual(counted, ONCE);
  });
}
