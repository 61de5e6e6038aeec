import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../shared/files";
import { requestLog } from "../shared/simulated";
import { bench } from "./ini/bench";

const INI = "SyslogServerIP = 192.0.2.1\n";

test("what a device held before the first change of a run is kept, at no further request", async (t) => {
  const folder = join(await temporaryFolder(t, "before-"), "made");
  const plain = await bench(t, { ini: INI });
  const kept = await bench(t, { ini: INI }, { keepBefore: folder });
  const counts = [];
  for (const { simulator, stack } of [plain, kept]) {
    const requests = requestLog({ simulator });
    await stack.up({ a: { parameters: { SyslogServerIP: "192.0.2.2" } } });
    counts.push(requests().length);
  }
  assert.equal(counts[1], counts[0]);
  const [name = "", ...others] = await readdir(folder);
  assert.deepEqual(others, []);
  assert.match(name, /^sbc\d+\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.ini$/);
  const file = join(folder, name);
  assert.match(await readFile(file, "utf8"), /SyslogServerIP = '?192\.0\.2\.1/);
  if (process.platform !== "win32") assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.match(kept.lines.join("\n"), /kept what it held before: /);

  await kept.stack.up({ a: { parameters: { SyslogServerIP: "192.0.2.2" } } });
  assert.equal((await readdir(folder)).length, 1, "a run that changes nothing keeps nothing");
});

test("a folder that cannot be written to keeps the device from being changed", async (t) => {
  const folder = await temporaryFolder(t, "before-");
  const { writeFile } = await import("node:fs/promises");
  await writeFile(join(folder, "file"), "");
  const b = await bench(t, { ini: INI }, { keepBefore: join(folder, "file", "below") });
  const { a } = await b.stack.up({ a: { parameters: { SyslogServerIP: "192.0.2.2" } } });
  assert.match(a?.reasons.join("\n") ?? "", /keepBefore: .* so nothing is changed/);
  assert.deepEqual(b.simulator.writes, []);
});
