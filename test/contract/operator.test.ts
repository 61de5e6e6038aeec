import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { closed, schemaErrors } from "../shared/schema";

const EXAMPLE = join(__dirname, "..", "..", "examples", "operator");

interface Stack {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string };
  // biome-ignore lint/suspicious/noExplicitAny: as the operator has it
  spec: Record<string, any>;
}

function documents(file: string): Stack[] {
  return parseAllDocuments(readFileSync(join(EXAMPLE, file), "utf8")).map((each) => each.toJS() as Stack);
}

describe("the manifests for the operator", () => {
  const [site, drift] = documents("site.yaml");
  const base = documents("base.yaml");

  it("have a Stack that changes devices, and one of the same stack that never does", () => {
    assert.ok(site !== undefined && drift !== undefined);
    for (const key of ["stack", "projectRepo", "branch", "backend", "secretsProvider", "envRefs"])
      assert.deepEqual(site.spec[key], drift.spec[key], key);
    assert.equal(site.spec["preview"], undefined);
    assert.equal(drift.spec["preview"], true);
    assert.equal(drift.spec["updateTemplate"].spec.expectNoChanges, true);
    for (const { spec } of [site, drift]) {
      assert.equal(spec["refresh"], true);
      assert.equal(
        spec["destroyOnFinalize"],
        false,
        "a Stack that is deleted leaves the devices as they are",
      );
      assert.equal(spec["workspaceTemplate"].spec.podTemplate.spec.containers[0].name, "pulumi");
    }
    assert.deepEqual(drift.spec["prerequisites"], [{ name: site.metadata.name }]);
  });

  it("run as an account that is there", () => {
    const account = base.find(({ kind }) => kind === "ServiceAccount")?.metadata;
    for (const stack of [site, drift]) {
      assert.equal(stack?.spec["serviceAccountName"], account?.name);
      assert.equal(stack?.metadata.namespace, account?.namespace);
    }
  });

  it("hold no secret", () => {
    for (const { spec } of documents("site.yaml"))
      for (const { type } of Object.values<{ type: string }>(spec["envRefs"])) assert.equal(type, "Secret");
  });

  const folder = process.env["OPERATOR_CRDS"];
  it("are what the operator's own schemas allow", {
    skip: folder === undefined && "no OPERATOR_CRDS",
  }, () => {
    const text = readFileSync(join(folder ?? "", "pulumi.com_stacks.yaml"), "utf8");
    const versions: { name: string; schema: { openAPIV3Schema: object } }[] = parse(text, {
      maxAliasCount: -1,
    }).spec.versions;
    const found = versions.find(({ name }) => name === "v1")?.schema.openAPIV3Schema;
    const schema = closed(found) as { properties: Record<string, object> };
    schema.properties["metadata"] = { type: "object" };
    for (const stack of documents("site.yaml")) {
      assert.equal(stack.apiVersion, "pulumi.com/v1");
      assert.deepEqual(schemaErrors(schema, stack), []);
    }
    assert.ok(
      schemaErrors(schema, { spec: { stack: "a", refrehs: true } }).length > 0,
      "it finds what is misspelt",
    );
  });
});
