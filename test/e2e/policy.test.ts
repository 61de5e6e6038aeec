import assert from "node:assert/strict";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isInWindow, policies } from "../../examples/policy/rules";
import * as mediant from "../../src";
import { availableEngines } from "../engine";
import { temporaryFolder } from "../shared/files";
import { openStage } from "./stage";

const PACK = join(__dirname, "..", "..", "examples", "policy");

/** The part of the SDK that answers the engine; a checkout from before it was a dependency has none. */
const SDK = ((): string | undefined => {
  try {
    return require.resolve("@pulumi/policy/server");
  } catch {
    return undefined;
  }
})();

/** What the pack says of a resource, as `policy: violation`. */
function violations(
  type: string,
  props: Record<string, unknown>,
  config: Record<string, object> = {},
): string[] {
  return policies.flatMap(({ name, validateResource }) => {
    const found: string[] = [];
    const told = { type, props, getConfig: <T extends object>() => (config[name] ?? {}) as T };
    validateResource(told, (message) => found.push(`${name}: ${message}`));
    return found;
  });
}

const device = { name: "sbc1", url: "https://sbc1.example.com" };

describe("the policy pack", () => {
  it("has the version without which Pulumi does not start it", async () => {
    const { version } = JSON.parse(await readFile(join(PACK, "package.json"), "utf8"));
    assert.match(version, /^\d+\.\d+\.\d+$/);
  });

  it("knows the resources by the types that Pulumi has for them", () => {
    for (const { __pulumiType: type } of [mediant.IncrementalIniConfig, mediant.CliScriptConfig])
      assert.deepEqual(violations(type, { device }), [
        "confirm-required: confirm: say which checks must hold",
      ]);
    for (const { __pulumiType: type } of [mediant.FullIniConfig, mediant.FullCliScriptConfig])
      assert.deepEqual(violations(type, { device }), [
        "whole-configuration-in-window: is outside of the window",
      ]);
    assert.match(
      violations(mediant.SoftwareLoad.__pulumiType, { device, version: "7.40A.1.1" })[0] ?? "",
      /^known-versions: /,
    );
    assert.deepEqual(violations("aws:s3/bucket:Bucket", { device: { url: "http://x" } }), []);
  });

  it("refuses plain http and certificates that are not checked, on every resource", () => {
    const type = mediant.DeviceReset.__pulumiType;
    assert.deepEqual(violations(type, { device }), []);
    assert.deepEqual(violations(type, { device: { profile: "sbc1" } }), []);
    assert.deepEqual(violations(type, { device: { url: "http://127.0.0.1:8080" } }), []);
    for (const wrong of [{ url: "http://sbc1" }, { url: "HTTP://sbc1" }, { url: "http://127.evil.example" }])
      assert.deepEqual(violations(type, { device: wrong }), [
        "no-plain-http: device.url: reach the device by https://",
      ]);
    assert.equal(violations(type, { device: { ...device, allowHttp: true } }).length, 1);
    const unchecked = { ...device, tls: { insecureSkipVerify: true } };
    assert.match(
      violations(type, { device: unchecked }).join(),
      /^no-unchecked-certificate: [^:]*: name tls/,
    );
  });

  it("takes a version of the list, and a change that is confirmed", () => {
    const versions = { "known-versions": { versions: ["7.40A.250.440"] } };
    const type = mediant.SoftwareLoad.__pulumiType;
    assert.deepEqual(violations(type, { device, version: "7.40A.250.440" }, versions), []);
    assert.deepEqual(violations(type, { device, version: "7.40A.250.441" }, versions), [
      "known-versions: version: 7.40A.250.441 is none of those that were tried (7.40A.250.440)",
    ]);
    assert.deepEqual(
      violations(mediant.IncrementalIniConfig.__pulumiType, { device, confirm: { holdSeconds: 30 } }),
      [],
    );
  });

  it("has a window for whole configurations", () => {
    const night = { days: ["sat" as const], from: "22:00", to: "04:00", timeZone: "Europe/London" };
    assert.ok(isInWindow(night, new Date("2027-06-05T21:30:00Z")));
    assert.ok(isInWindow(night, new Date("2027-06-06T02:30:00Z")));
    assert.ok(!isInWindow(night, new Date("2027-06-05T20:30:00Z")));
    assert.ok(!isInWindow({}, new Date("2027-06-05T21:30:00Z")));
    assert.throws(() => isInWindow({ from: "late", to: "04:00" }, new Date()), /late is no time/);
  });
});

describe("the policy pack, on Pulumi's SDK", {
  skip: SDK === undefined && "@pulumi/policy is not installed",
}, () => {
  it("answers the engine with its violations", async () => {
    const { makeAnalyzeRpcFun } = require(SDK ?? "");
    const { AnalyzeRequest, AnalyzerResourceOptions } = require("@pulumi/pulumi/proto/analyzer_pb");
    const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
    const analyze = makeAnalyzeRpcFun("pulumi-mediant", "0.0.1", "mandatory", policies);
    const request = new AnalyzeRequest();
    const type = mediant.IncrementalIniConfig.__pulumiType;
    request.setType(type);
    request.setUrn(`urn:pulumi:dev::fleet::${type}::base`);
    request.setName("base");
    request.setOptions(new AnalyzerResourceOptions());
    request.setProperties(Struct.fromJavaScript({ device: { url: "http://sbc1" }, parameters: {} }));
    // biome-ignore lint/suspicious/noExplicitAny: the answer has no types
    const answer = await new Promise<any>((resolve, reject) => {
      analyze({ request }, (error: unknown, response: unknown) =>
        error ? reject(error) : resolve(response),
      );
    });
    assert.deepEqual(
      answer.getDiagnosticsList().map((found: { getPolicyname(): string }) => found.getPolicyname()),
      ["no-plain-http", "confirm-required"],
    );
  });
});

const isThere = availableEngines().includes("pulumi") && SDK !== undefined;

describe("the policy pack, on the real CLI", {
  skip: !isThere && "no pulumi on PATH, or no @pulumi/policy",
}, () => {
  it("ends a preview with its violations, and lets one without any pass", async (t) => {
    const folder = join(await temporaryFolder(t, "policy-"), "policy");
    await cp(PACK, folder, { recursive: true });
    await symlink(join(PACK, "..", "..", "node_modules"), join(folder, "node_modules"));
    const [, example = ""] =
      /^```json\n([\s\S]*?)^```$/m.exec(await readFile(join(PACK, "README.md"), "utf8")) ?? [];
    const config = join(folder, "config.json");
    await writeFile(config, example);
    const stage = await openStage(t, "pulumi");
    const policyPack = { folder, config };
    await stage.declare({ name: "base", args: { parameters: { EnableSyslog: "1" } } });
    const refused = await stage.preview({ policyPack });
    assert.notEqual(refused.exitCode, 0, refused.output);
    assert.match(refused.output, /\[mandatory\] +confirm-required/);
    assert.doesNotMatch(refused.output, /no-plain-http/);
    const confirm = { holdSeconds: 1, checks: { maxSeverity: "major" } };
    await stage.declare({ name: "base", args: { parameters: { EnableSyslog: "1" }, confirm } });
    const passed = await stage.preview({ policyPack });
    assert.equal(passed.exitCode, 0, passed.output);
    assert.match(passed.output, /pulumi-mediant@v/);
  });
});
