import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { declarationsOf } from "../../src/types/declarations";

const fixture = (name: string) => readFileSync(join(__dirname, "..", "fixtures", "ini", name), "utf8");

describe("the types of the names that inis show", () => {
  it("come together, say which firmware lacks a column, and hold no value", () => {
    const old = [
      ";Software Version: 7.00A.018.005",
      "EnableSyslog = 1",
      "[ ProxySet ]",
      "FORMAT ProxySet_Index = ProxySet_ProxyName;",
      'ProxySet 0 = "Sturdy-Harbour-88";',
      "[ \\ProxySet ]",
      "",
    ].join("\r\n");
    const now = [
      ";Software Version: 7.40A.250.440",
      ";Withheld is hidden but has non-default value",
      "ENABLESYSLOG = 1",
      "3WayConferenceMode = 1",
      "[ DeviceTable ]",
      "FORMAT Index = VlanID, Status;",
      "DeviceTable 0 = 1, 1;",
      "[ \\DeviceTable ]",
      "[ ProxySet ]",
      "FORMAT Index = ProxyName, Success-Detection;",
      'ProxySet 0 = "A", 1;',
      "[ \\ProxySet ]",
      "",
    ].join("\r\n");
    const text = declarationsOf([
      { name: "a.ini", text: old },
      { name: "b.ini", text: now },
      { name: "c.ini", text: "Kept = 1\n" },
    ]);
    assert.doesNotMatch(text, /Harbour/);
    assert.deepEqual(text.split("\n").slice(0, 1), [
      "// Made by `pulumi-mediant types` from a.ini (7.00A.018.005), b.ini (7.40A.250.440), c.ini (unknown firmware).",
    ]);
    assert.deepEqual(
      text
        .split("\n")
        .slice(4)
        .filter((line) => line !== ""),
      [
        'declare module "pulumi-mediant" {',
        "  interface DeviceParameters {",
        '    "3WayConferenceMode": ParameterArg;',
        "    EnableSyslog: ParameterArg;",
        "    Kept: ParameterArg;",
        "    Withheld: ParameterArg;",
        "  }",
        "  interface DeviceTables {",
        "    DeviceTable: {",
        "      VlanID: CellArg;",
        "    };",
        "    ProxySet: {",
        "      ProxyName: CellArg;",
        "      /** Not on 7.00A.018.005. */",
        '      "Success-Detection": CellArg;',
        "    };",
        "  }",
        "}",
        "/** What 7.00A.018.005 has: `new IncrementalIniConfig<Firmware_7_00A_018_005>(…)`. */",
        "export interface Firmware_7_00A_018_005 {",
        "  parameters: DeviceParameters;",
        "  tables: {",
        '    DeviceTable: DeviceTables["DeviceTable"];',
        "    ProxySet: {",
        "      ProxyName: CellArg;",
        "    };",
        "  };",
        "}",
        "/** What 7.40A.250.440 has: `new IncrementalIniConfig<Firmware_7_40A_250_440>(…)`. */",
        "export interface Firmware_7_40A_250_440 {",
        "  parameters: DeviceParameters;",
        "  tables: {",
        '    DeviceTable: DeviceTables["DeviceTable"];',
        '    ProxySet: DeviceTables["ProxySet"];',
        "  };",
        "}",
        "/** What unknown firmware has: `new IncrementalIniConfig<Firmware_unknown_firmware>(…)`. */",
        "export interface Firmware_unknown_firmware {",
        "  parameters: DeviceParameters;",
        "  tables: {",
        '    DeviceTable: DeviceTables["DeviceTable"];',
        '    ProxySet: DeviceTables["ProxySet"];',
        "  };",
        "}",
      ],
    );
  });

  it("are the same for the same inis", () => {
    const sources = ["full-7.00A.ini", "full-7.40.ini"].map((name) => ({ name, text: fixture(name) }));
    assert.equal(declarationsOf(sources), declarationsOf(sources));
  });
});
