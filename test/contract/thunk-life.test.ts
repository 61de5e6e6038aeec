import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { type Simulator, startSimulator } from "../../src/simulator";
import { openFolder, removeFolder } from "./install";
import { type Form, type Layout, makeLayouts, type Properties, registeredInputs } from "./layouts";
import { ProviderProcess } from "./provider-process";
import { DECLARED, INI, SAMPLES } from "./samples";
import { pinnedText, thunkName } from "./thunks";

/** One provider process meets several devices, one after the other. */
let devices = 20_000_000;

/** Where a state with a text of that form comes from. */
const ORIGIN: Record<Form, string> = { reference: "installed", value: "symlinked" };

describe("a state", () => {
  let folder: string;
  let layouts: Layout[];
  let inputs: Record<string, Properties>;
  const processes = new Map<string, ProviderProcess>();
  before(async () => {
    folder = await openFolder();
    layouts = await makeLayouts(folder);
    const start = async ({ name, programDir }: Layout) => {
      processes.set(name, await ProviderProcess.start(programDir));
    };
    await Promise.all(layouts.map(start));
    inputs = await registeredInputs(layouts[0]?.programDir ?? "", DECLARED);
  });
  after(async () => {
    for (const provider of processes.values()) await provider.stop();
    await removeFolder(folder);
  });

  const provider = (layout: string): ProviderProcess => {
    const found = processes.get(layout);
    assert.ok(found !== undefined, layout);
    return found;
  };

  /** Creates with the pinned text where it is at home; refreshes, heals and destroys with it in `layout`. */
  async function live(t: TestContext, type: string, form: Form, layout: string): Promise<void> {
    const sample = SAMPLES[type];
    assert.ok(sample !== undefined);
    const simulator = await startSimulator({ ini: INI, resetSeconds: 0.5, serialNumber: String(++devices) });
    t.after(() => simulator.close());
    const __provider = await pinnedText(thunkName(type), form);
    const declared = { ...inputs[type], __provider, device: deviceOf(simulator) };
    const where = `${type}, text by ${form}, ${layout}`;

    const origin = provider(ORIGIN[form]);
    const checked = await origin.check({}, declared);
    const created = await origin.create(checked);
    assert.equal(created.properties["__provider"], __provider);
    assert.deepEqual(sample.observe(simulator), sample.created, where);

    const here = provider(layout);
    let stored = created;
    if (sample.drift !== undefined) {
      sample.drift(simulator);
      stored = await here.read(stored);
      assert.equal(await here.diff(stored, checked), true, where);
      stored = await here.update(stored, checked);
      assert.deepEqual(sample.observe(simulator), sample.created, where);
    }
    stored = await here.read(stored);
    assert.equal(await here.diff(stored, await here.check(checked, declared)), false, where);
    await here.delete(stored);
    assert.deepEqual(sample.observe(simulator), sample.deleted, where);
  }

  for (const form of ["reference", "value"] as const) {
    it(`with texts by ${form} refreshes, heals and destroys wherever the package stands`, async (t) => {
      for (const { name } of layouts) await live(t, "IncrementalIniConfig", form, name);
    });

    it(`with texts by ${form} does so for every class, in the other layout`, async (t) => {
      const other = ORIGIN[form === "reference" ? "value" : "reference"];
      for (const type of Object.keys(SAMPLES)) await live(t, type, form, other);
    });
  }
});

function deviceOf({ url, port }: Simulator): Properties {
  return { name: `sbc-${port}`, url, username: "Admin", password: "Admin" };
}
