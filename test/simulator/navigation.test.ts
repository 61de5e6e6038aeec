import assert from "node:assert/strict";
import { test } from "node:test";
import { bench } from "./harness";

const OLD = "7.00A.018.005";

interface Entry {
  id: string;
  description: string;
  url: string;
}

/** Mends the two slips of the manual's listings: a comma too many at the end, one too few after an id. */
const repaired = (text: string) =>
  JSON.parse(text.replace(/,(?=\s*[\]}])/g, "").replace(/"(?=\s*"description")/g, '",'));

test("the tree has its folders, one more in later firmware; 7.0 lists the alarms under the url of the actions", async (t) => {
  for (const [firmware, alarms] of [
    [OLD, "/api/v1/actions"],
    ["7.40A.250.440", "/api/v1/alarms"],
  ]) {
    const { ask } = await bench(t, { firmware });
    const { items } = repaired((await ask("GET /api/v1")).text);
    assert.deepEqual(
      items.map(({ id, url }: Entry) => [id, url]),
      [
        ["actions", "/api/v1/actions"],
        ["alarms", alarms],
        ["files", "/api/v1/files"],
        ["license", "/api/v1/license"],
        ["performanceMonitoring", "/api/v1/performanceMonitoring"],
        ["status", "/api/v1/status"],
        ...(firmware === OLD ? [] : [["kpi", "/api/v1/kpi"]]),
      ],
    );
  }
});

test("7.0 has a comma too many in the tree and one too few in the files", async (t) => {
  const { ask } = await bench(t, { firmware: OLD });
  assert.match((await ask("GET /api/v1")).text, /\},\s*\]\s*\}$/);
  assert.match((await ask("GET /api/v1/files")).text, /"id": "ini"\s*"description"/);
});

test("the files listed are three in 7.0; later firmware lists the auxiliary and further ones", async (t) => {
  const later = "amd castable cpt dialplan prt voiceprompts configurationPackage sbcWizard tls usersInfo";
  for (const [firmware, more] of [
    [OLD, []],
    ["7.40A.250.440", later.split(" ")],
  ] as const) {
    const { ask } = await bench(t, { firmware });
    const { files } = repaired((await ask("GET /api/v1/files")).text);
    assert.deepEqual(
      files.map(({ url }: Entry) => url),
      ["ini", "software", "cliScript", ...more].map((id) => `/api/v1/files/${id}`),
    );
  }
});

test("every listing has a key of its own, and its entries an id, a description and a url", async (t) => {
  const { ask } = await bench(t);
  for (const [path, key] of [
    ["/api/v1", "items"],
    ["/api/v1/actions", "actions"],
    ["/api/v1/files", "files"],
    ["/api/v1/alarms", "alarms"],
  ] as const) {
    const listing = JSON.parse((await ask(`GET ${path}`)).text);
    assert.deepEqual(Object.keys(listing), [key]);
    for (const entry of listing[key])
      assert.deepEqual(Object.keys(entry), ["id", "description", "url"], path);
  }
  const { versions } = JSON.parse((await ask("GET /api")).text);
  assert.deepEqual(versions, [{ id: "v1", status: "stable", url: "/api/v1" }]);
});

test("every url in the tree of later firmware answers", async (t) => {
  const { ask } = await bench(t);
  const { items } = JSON.parse((await ask("GET /api/v1")).text);
  for (const { url } of items as Entry[]) assert.equal((await ask(`GET ${url}`)).status, 200, url);
});
