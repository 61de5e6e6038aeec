import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { generate as generateCertificate } from "selfsigned";
import ts from "typescript";
import { parse as parseYaml } from "yaml";
import { checkSettings } from "../../src/declare/device";
import { type GeneratedProgram, type GenerateOptions, generateProgram } from "../../src/generate/generate";
import { ALL_GROUPS, dependencies } from "../../src/generate/layout";
import type { DeviceEntry } from "../../src/generate/project";

const FIXTURES = join(__dirname, "..", "fixtures", "ini");

const DEVICE: DeviceEntry = { name: "sbc1", url: "https://sbc1.example.com", username: "Admin" };

function generate(dump: string, options: Partial<GenerateOptions> = {}): GeneratedProgram {
  return generateProgram({ device: DEVICE, username: "Admin", version: "1.2.3", dump, ...options });
}

function file({ files }: GeneratedProgram, path: string): string {
  const found = files.find((one) => one.path === path);
  assert.ok(found, `${path} is not among ${files.map((one) => one.path)}`);
  return found.text;
}

const SMALL = `;Board: Mediant SW
[SYSTEM Params]
EnableSyslog = 1
;SSHAdminKey is hidden but has non-default value

[SIP Params]
Password = '$1$5j1bhjD7b/Vbgg0='

[ WebUsers ]
FORMAT Index = Username, Password;
WebUsers 0 = "Admin", "$1$0AdminAdmin=";
WebUsers 12 = "viewer", "$1$9jlJl2qqL9g=";
WebUsers 3 = "ops", "$1$gQ==";
[ \\WebUsers ]

[ InterfaceTable ]
FORMAT Index = IPAddress, InterfaceName;
InterfaceTable 0 = 10.0.0.1, "O+M+C";
[ \\InterfaceTable ]

[ DspTemplates ]
; *** TABLE DspTemplates ***
; This table contains hidden elements and will not be exposed.
[ \\DspTemplates ]

[ IPGroup ]
FORMAT Index = Name, Tags;
IPGroup 1 = "Carrier", "{{site}}";
[ \\IPGroup ]
`;

describe("the program for a small device", () => {
  const program = generate(SMALL);

  it("is divided as a person would, and holds its files in one order", () => {
    assert.deepEqual(
      program.files.map(({ path, secret }) => (secret ? `${path} (secret)` : path)),
      [
        ...[".gitignore", "Pulumi.yaml", "Pulumi.sbc1.yaml", "README.md", "index.ts", "package.json"],
        ...[
          "mediant-tables.d.ts",
          "tsconfig.json",
          "sbc1/system.ini",
          "sbc1/network.ini",
          "sbc1/management.ini",
          "sbc1/sip.ini",
        ],
        "secrets.json (secret)",
      ],
    );
  });

  it("declares each part, and depends on what its rows refer to", () => {
    assert.equal(
      file(program, "index.ts"),
      `import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deviceFromConfig, IncrementalIniConfig } from "pulumi-mediant";

const device = deviceFromConfig("sbc1");

// The values for the {{name}} in the ini files: an object, kept as one secret of the stack's configuration.
const secrets = new pulumi.Config().requireSecretObject<Record<string, string>>("secrets");

function ini(file: string): string {
  return readFileSync(join(__dirname, "sbc1", file), "utf8");
}

new IncrementalIniConfig("system", { device, ini: ini("system.ini") });
const network = new IncrementalIniConfig("network", { device, ini: ini("network.ini") });
const management = new IncrementalIniConfig(
  "management",
  { device, ini: ini("management.ini"), variables: secrets },
  { dependsOn: [network] },
);
new IncrementalIniConfig(
  "sip",
  { device, ini: ini("sip.ini"), variables: secrets.apply((known) => ({ ...known, openBraces: "{{" })) },
  { dependsOn: [management] },
);
`,
    );
  });

  it("writes the ini as the device does, with placeholders for secrets and for braces", () => {
    assert.equal(
      file(program, "sbc1/management.ini"),
      `; Management: the web page, users, SNMP, LDAP, RADIUS

; Not declared: WebUsers 0: the user that Pulumi logs in with.

[ WebUsers ]

FORMAT Index = Username, Password;
WebUsers 3 = "ops", "";
WebUsers 12 = "viewer", "{{WebUsers_12_Password}}";

[ \\WebUsers ]
`,
    );
    assert.equal(
      file(program, "sbc1/sip.ini"),
      `; SIP: interfaces, proxy sets, IP groups, accounts

[SIP Params]

Password = '{{Password}}'

[ IPGroup ]

FORMAT Index = Name, Tags;
IPGroup 1 = "Carrier", "{{openBraces}}site}}";

[ \\IPGroup ]
`,
    );
    assert.match(
      file(program, "sbc1/system.ini"),
      /^; Not declared: SSHAdminKey: the device hides its value\.$/m,
    );
  });

  it("keeps the secrets in one file, and the password of our own user in none", () => {
    assert.deepEqual(JSON.parse(file(program, "secrets.json")), {
      Password: "$1$5j1bhjD7b/Vbgg0=",
      WebUsers_12_Password: "$1$9jlJl2qqL9g=",
    });
    for (const { path, text } of program.files) {
      assert.doesNotMatch(text, /AdminAdmin/, path);
      if (path !== "secrets.json") assert.doesNotMatch(text, /\$1\$/, path);
    }
    assert.match(file(program, ".gitignore"), /^secrets\.json$/m);
    assert.ok(
      program.steps.some((step) => step.includes("pulumi config set --secret secrets < secrets.json && rm")),
    );
  });

  it("tells what is not declared, also in the file of a group without any", () => {
    assert.deepEqual(program.leftOut, [
      "SSHAdminKey: the device hides its value",
      "WebUsers 0: the user that Pulumi logs in with",
      "table DspTemplates: the device hides elements of it, and an upload would lose them",
    ]);
    for (const one of program.leftOut) assert.ok(file(program, "README.md").includes(`- ${one}`), one);
  });
});

describe("what a program leaves to the device", () => {
  it("a secret that only its look gives away, in the files that git takes", () => {
    const dump =
      "IniFileURL = 'https://ops:canary@192.0.2.1/x.ini'\nOdd = '$9$canaryQ='\nX = '$1$2'\nY = 'sip:1:2@example.com'\n";
    const found = generate(dump);
    assert.deepEqual(JSON.parse(file(found, "secrets.json")), {
      IniFileURL: "https://ops:canary@192.0.2.1/x.ini",
      Odd: "$9$canaryQ=",
    });
    for (const { path, text } of found.files) {
      if (path !== "secrets.json") assert.doesNotMatch(text, /canary/, path);
    }
    assert.match(file(found, "sbc1/other.ini"), /^X = '\$1\$2'\nY = 'sip:1:2@example\.com'$/m);
    const again = generate(dump, { again: dump.replace("canaryQ", "canaryR") });
    assert.deepEqual(again.leftOut, [
      "Odd: its value is obscured anew at each reading, so it cannot be compared",
    ]);
  });

  it("a secret that is obscured anew at each reading", () => {
    const dump = "Password = '$1$AAAA'\nEnableSyslog = 1\n";
    const program = generate(dump, { again: dump.replace("AAAA", "BBBB") });
    assert.deepEqual(program.leftOut, [
      "Password: its value is obscured anew at each reading, so it cannot be compared",
    ]);
    assert.ok(!program.files.some(({ path }) => path === "secrets.json"));
    assert.doesNotMatch(file(program, "index.ts"), /secrets/);
  });

  it("a value that no ini text can carry, and only that cell", () => {
    const program = generate(
      '[ PREFIX ]\nFORMAT Index = RouteName, DestAddress;\nPREFIX 0 = "a "b" c", "x";\nPREFIX 1 = "d", "y";\n[ \\PREFIX ]\n',
    );
    const text = file(program, "sbc1/gateway.ini");
    assert.match(text, /^FORMAT Index = DestAddress;\nPREFIX 0 = "x";$/m);
    assert.match(text, /^FORMAT Index = RouteName, DestAddress;\nPREFIX 1 = "d", "y";$/m);
    assert.deepEqual(program.leftOut, [
      "PREFIX 0 RouteName: its value holds a character for which ini text has no form",
    ]);
  });

  it("lines that cannot be read", () => {
    const program = generate("EnableSyslog = 1\nwhat is this\n");
    assert.deepEqual(program.leftOut, ["line 2 of the device's ini: it could not be read"]);
    const table = generate('[ PREFIX ]\nFORMAT Index = RouteName;\nPREFIX 0 = "a";\nPREFIX 1 = "a", 2;\n');
    assert.deepEqual(table.leftOut, ["a part of table PREFIX: line 4 of the device's ini could not be read"]);
  });

  it("columns that the device alone sets", () => {
    const program = generate(
      '[ PREFIX ]\nFORMAT Index = RouteName, ConnectivityStatus;\nPREFIX 0 = "a", "OK";\n',
    );
    assert.match(file(program, "sbc1/gateway.ini"), /^FORMAT Index = RouteName;$/m);
    assert.deepEqual(program.leftOut, []);
  });

  it("everything, where there is nothing to declare", () => {
    assert.throws(
      () => generate(";Board: Mediant SW\n[SIP Params]\n"),
      /shows nothing that could be declared/,
    );
  });
});

describe("what surrounds the program", () => {
  const entry = (device: Partial<DeviceEntry>) => {
    const name = device.name ?? "sbc1";
    const program = generate("EnableSyslog = 1\n", { device: { ...DEVICE, ...device } });
    const stack = parseYaml(file(program, program.stackFile));
    return { program, settings: stack.config["mediant:devices"][name] };
  };

  it("says how the device is reached, as deviceFromConfig reads it", () => {
    const fingerprint256 = "AB".repeat(32);
    const given = {
      url: "https://10.0.0.1:8443",
      username: 'o"p #',
      tls: { fingerprint256 },
      allowHttp: true,
    };
    const { settings } = entry(given);
    assert.deepEqual(settings, given);
    assert.deepEqual(checkSettings(settings, "device"), []);
    assert.deepEqual(entry({ tls: { ca: undefined } }).settings, { url: DEVICE.url, username: "Admin" });
  });

  it("carries certificates as a block, without the notes of their file", async () => {
    const { cert } = await generateCertificate([{ name: "commonName", value: "authority" }], {
      keyType: "ec",
    });
    const ca = `${cert.trim()}\n${cert.trim()}`;
    const { settings } = entry({ tls: { ca: `  a note\r\n${ca.replaceAll("\n", "\r\n")}\r\n` } });
    assert.deepEqual(checkSettings(settings, "device"), []);
    assert.equal(settings.tls.ca.trim().replaceAll("\r", ""), ca.replaceAll("\r", ""));
  });

  it("asks for no password where a profile has it", () => {
    const { program, settings } = entry({ url: undefined, username: undefined, profile: "lab" });
    assert.deepEqual(settings, { profile: "lab" });
    assert.ok(!program.steps.some((step) => step.includes("password")));
  });

  it("asks for a password that the import file holds, and for no other", () => {
    const steps = (password: boolean) => generate("EnableSyslog = 1\n", { imports: { password } }).steps;
    assert.ok(steps(true).some((step) => step.includes("mediant:devices.sbc1.password")));
    assert.ok(!steps(false).some((step) => step.includes("password")));
    for (const password of [true, false]) {
      assert.ok(steps(password).some((step) => step.startsWith("pulumi import --file import.json")));
      assert.ok(!steps(password).includes("pulumi up"));
    }
    const program = generate("EnableSyslog = 1\n", { imports: { password: true } });
    assert.match(file(program, "README.md"), /secrets in clear, its password among them/);
  });

  it("reads the device as it stands in the file", async () => {
    const { cert } = await generateCertificate([{ name: "commonName", value: "authority" }], {
      keyType: "ec",
    });
    for (const device of [{}, { allowHttp: true, tls: { ca: cert, servername: "sbc" } }]) {
      const { program, settings } = entry(device);
      assert.deepEqual(program.device, { name: "sbc1", ...settings });
    }
  });

  it("takes names that a shell, YAML or a path would stumble over", () => {
    for (const name of [
      "Bob's SBC",
      "sbc1.example.com",
      "127.0.0.1:8443",
      'a "b" {{c}}',
      "yes",
      "Zürich 1",
      "…",
    ]) {
      const { program, settings } = entry({ name });
      assert.equal(settings.url, DEVICE.url, name);
      assert.match(program.stackFile, /^Pulumi\.[A-Za-z0-9_-][A-Za-z0-9_.-]*\.yaml$/);
      const manifest = JSON.parse(file(program, "package.json"));
      assert.match(manifest.name, /^mediant-[a-z0-9_.-]+$/);
      assert.equal(parseYaml(file(program, "Pulumi.yaml")).name, manifest.name);
      assert.deepEqual(syntaxErrors(file(program, "index.ts")), []);
      assert.ok(file(program, "index.ts").includes(`deviceFromConfig(${JSON.stringify(name)})`));
    }
  });
});

function syntaxErrors(text: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

describe("the division into files", () => {
  it("has each group behind those that it refers to, and each table once", () => {
    const tables = ALL_GROUPS.flatMap((group) => group.tables.map((table) => table.toLowerCase()));
    assert.equal(new Set(tables).size, tables.length);
    ALL_GROUPS.forEach((group, at) => {
      for (const name of group.after) {
        const before = ALL_GROUPS.findIndex((one) => one.name === name);
        assert.ok(before >= 0 && before < at, `${group.name} after ${name}`);
      }
    });
  });

  it("hands dependencies on over a group that is not there", () => {
    const group = (name: string) => ALL_GROUPS.find((one) => one.name === name) ?? assert.fail(name);
    const names = (of: string, present: string[]) =>
      dependencies(group(of), present.map(group)).map(({ name }) => name);
    assert.deepEqual(names("routing", ["network", "media", "sip", "routing"]), ["sip"]);
    assert.deepEqual(names("routing", ["network", "routing"]), ["network"]);
    assert.deepEqual(names("sip", ["network", "media", "dialplans", "sip"]), ["media", "dialplans"]);
    assert.deepEqual(names("network", ["system", "network"]), []);
  });

  it("puts every table of a real device into a file of its own kind", () => {
    for (const name of ["full-7.40.ini", "full-7.00A.ini"]) {
      const program = generate(readFileSync(join(FIXTURES, name), "utf8"));
      assert.ok(!program.files.some(({ path }) => path.endsWith("/other.ini")), name);
    }
  });
});

test("the same configuration gives the same files, whatever stands in the header", () => {
  const dump = readFileSync(join(FIXTURES, "full-7.40.ini"), "utf8");
  assert.deepEqual(generate(dump), generate(`;Time & Date: 1.1.2010\r\n${dump}`));
});
