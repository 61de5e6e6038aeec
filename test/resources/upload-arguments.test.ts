import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AuxiliaryFile, type AuxiliaryFileArgs, DeviceLicense, type DeviceLicenseArgs } from "../../src";
import { sha256 } from "../shared/files";
import { binary, folderOf } from "../shared/uploads";

const registered = new Map<string, Record<string, unknown>>();
pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => {
    registered.set(name, inputs);
    return { id: name, state: inputs };
  },
  call: () => ({}),
});

const DEVICE = { url: "https://sbc1.example.com", username: "Admin", password: "Admin" };
const KEY = "canaryKey9f1AAAA";

/** What a resource sends to the engine. */
async function sent(make: (name: string) => pulumi.CustomResource): Promise<Record<string, unknown>> {
  const name = `r${registered.size}`;
  const { urn } = make(name);
  await new Promise((resolve) => urn.apply(resolve));
  const found = registered.get(name);
  assert.ok(found !== undefined);
  return found;
}

function refused(make: () => unknown, pattern: RegExp): void {
  assert.throws(make, (error: Error) => {
    assert.ok(pulumi.RunError.isInstance(error));
    const [, said = error.message] =
      /^(?:AuxiliaryFile|DeviceLicense) "[a-z]+": (.*)$/s.exec(error.message) ?? [];
    assert.notEqual(said, error.message, "names the resource");
    assert.match(said, pattern);
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
}

const auxiliary =
  (args: Partial<AuxiliaryFileArgs>) =>
  (name = "tones") =>
    new AuxiliaryFile(name, { device: DEVICE, kind: "cpt", source: "tones.dat", ...args });
const license =
  (args: Partial<DeviceLicenseArgs>) =>
  (name = "licence") =>
    new DeviceLicense(name, { device: DEVICE, ...args });

async function write(t: TestContext, name: string, content: string | Buffer): Promise<string> {
  return (await folderOf(t))(name, content);
}

test("an auxiliary file is sent as its path, digest and size", async (t) => {
  const source = await write(t, "tones.dat", binary("tones", 500));
  for (const given of [source, new pulumi.asset.FileAsset(source), pulumi.output(source)]) {
    const inputs = await sent(auxiliary({ source: given }));
    assert.equal(inputs["source"], source);
    assert.equal(inputs["sha256"], sha256(binary("tones", 500)));
    assert.equal(inputs["__mediantSize"], 500);
  }
});

test("a file of text, a missing one and an unknown kind are refused in the program", async (t) => {
  const ini = await write(t, "tones.ini", "[CALL PROGRESS TONE #0]\r\nTone Type=1\r\n");
  const xml = await write(t, "amd.xml", '<?xml version="1.0" encoding="utf-8"?>\n<AMD>é</AMD>\n');
  refused(
    auxiliary({ source: ini }),
    /^source: ".*tones\.ini" is text, .*call progress tones .*\.dat .*DConvert$/,
  );
  refused(auxiliary({ source: xml, kind: "amd" }), /is text, .*answering machine detection .*DConvert$/);
  refused(
    auxiliary({ source: ini, kind: pulumi.output("prt" as const) }),
    /is text, .*auxiliary files .*DConvert$/,
  );
  refused(auxiliary({ source: await write(t, "tones.dat", "") }), /^source: ".*" is empty$/);
  refused(auxiliary({ source: "missing.dat" }), /^source: "missing\.dat" does not exist/);
  refused(
    auxiliary({ source: ini, kind: "CPT" as "cpt" }),
    /^kind must be one of amd, castable, .*, voiceprompts$/,
  );
});

test("a key in plain text is sent as a secret", async () => {
  const inputs = await sent(license({ key: KEY, serialNumber: "1" }));
  assert.ok(isSecretOf(inputs["key"], KEY), JSON.stringify(inputs["key"]));
  assert.equal(inputs["serialNumber"], "1");
  assert.equal(inputs["licenseFile"], undefined);
});

test("a licence file is sent as its path and digest, without anything of its content", async (t) => {
  const text = `S/N 1\n${KEY}\n`;
  const licenseFile = await write(t, "licence.txt", text);
  const inputs = await sent(license({ licenseFile: new pulumi.asset.FileAsset(licenseFile) }));
  assert.equal(inputs["licenseFile"], licenseFile);
  assert.equal(inputs["sha256"], sha256(text));
  assert.doesNotMatch(JSON.stringify(inputs), /canary/);
});

test("a licence that is none, or given twice, is refused in the program", async (t) => {
  refused(license({}), /^exactly one of key and licenseFile is needed$/);
  refused(
    license({ key: KEY, licenseFile: "licence.txt" }),
    /^exactly one of key and licenseFile is needed$/,
  );
  refused(license({ key: `${KEY} ` }), /^key must be a licence key: a text without blanks$/);
  refused(license({ licenseFile: "licence.txt", serialNumber: "1" }), /^serialNumber is for key only/);
  refused(license({ licenseFile: "missing.txt" }), /^licenseFile: "missing\.txt" does not exist/);
  const keys = await write(t, "keys.txt", KEY);
  refused(
    license({ licenseFile: keys }),
    /^licenseFile: ".*keys\.txt" is no licence file: it has no line with a serial/,
  );
  const load = await write(t, "load.cmp", `S/N 1\n${KEY}\n${"; more\n".repeat(200_000)}`);
  refused(license({ licenseFile: load }), /^licenseFile: ".*load\.cmp" is no licence file: it is too large/);
  const half = await write(t, "half.txt", `S/N 1\n${KEY}\nS/N 2\n`);
  refused(license({ licenseFile: half }), /^licenseFile: ".*half\.txt" has no key for S\/N 2$/);
});

/** Mocks get secrets as the wire has them, or unwrapped, by the version of the SDK. */
function isSecretOf(input: unknown, value: string): boolean {
  return typeof input === "object" && input !== null && Object.values(input).includes(value);
}
