import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { multipartFrame } from "../../src/device/upload/multipart";
import { INHERITED } from "./mutate";

const FIXTURES = join(__dirname, "../fixtures");
const PIECE_LINES = 6;

/** Some pieces of each file, of a few lines each. */
function pieces(folder: string, ending: string, most: number): Buffer[] {
  return readdirSync(join(FIXTURES, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .flatMap((name) => {
      const lines = readFileSync(join(FIXTURES, folder, name), "latin1").split("\n");
      const count = Math.ceil(lines.length / PIECE_LINES);
      const step = Math.max(1, Math.floor(count / most));
      return Array.from({ length: Math.ceil(count / step) }, (_, at) =>
        lines.slice(at * step * PIECE_LINES, (at * step + 1) * PIECE_LINES).join("\n"),
      );
    })
    .map((text) => Buffer.from(text, "latin1"));
}

const texts = (...all: string[]): Buffer[] => all.map((text) => Buffer.from(text));

export const INI = [
  ...pieces("ini", ".ini", 20),
  ...pieces("people", ".ini", 4),
  ...texts(
    "[ ProxySet ]\nFORMAT Index = ProxyName, A;\nProxySet 0 = \"a;b\", $$;\n[ \\ProxySet ]\nP = 'a', 'b'\n",
    "FORMAT X_Index = X_A, X_B;\r\nX 00 = 1, 0x2 ; ; behind\r\n",
    ";P is hidden but has non-default value\n; *** TABLE X ***\n; contains hidden elements and will not be exposed\n",
  ),
];

export const CLI = [
  ...pieces("people", ".cli", 20),
  ...texts(
    'configure voip\n proxy-set 3\n  proxy-name "a b"\n  activate\n exit\nexit\n',
    "configure system\nntp\nset primary-server {{server}}\nactivate\nexit\nexit\nshow version\n",
    "configure network\r\n interface network-if 0\r\n  no description\r\n  do show x\r\n",
    "configure voip\nip-group 1\nname a\nip-group 2\nname b\nactivate\nexit\nexit\n",
  ),
];

/** What devices answer (LTRT-41760), with the slips of the manual's own examples. */
export const JSON_ANSWERS = texts(
  '{"localTimeStamp": "2010-01-17T17:29:15.000z", "versionID": "7.40A.005.314", "saveNeeded": true,}',
  '{"serialNumber": 123, "systemUpTime": "17", "upgradeStatus": "None", "highAvailability": "Stand Alone"}',
  '{"alarms": [{"id": "1", "description": "Trunk is down", "severity": "Major", "date": "2020-01-01T00:00:00Z"}], "cursor": {"after": "-1", "before": 2}}',
  '{"items": [{"id": "a"}, {"id": "b"},],}',
  '{"id":"ini"\n"url":"/api/v1/files/ini"}',
  '{"key": "a\nb\r\nc", "keyDescription": "\\u00e9", "licenseVersion": 1}',
  '{on: true, n: -1.5, x: yes, z: null, "a": {"b": [1, 2}',
  '{"indexes": [0, [1]], "intervalsPerIndex": [0, 1, 2], "lowThreshold": "3"}',
  '{"value": -1, "min": 0, "max": 0, "average": "0.5"}',
  '{"status": "failed", "description": "invalid command in line 3", "output": "done"}',
  '{"Incremental script", "Done"}',
  "<html><body>Login\u001b[2J</body></html>",
  `[${INHERITED.map((name) => JSON.stringify(name)).join(",")}]`,
  `{${INHERITED.map((name) => `${JSON.stringify(name)}: {"a": 1}`).join(", ")}}`,
);

const frame = multipartFrame("tones.dat");
export const MULTIPART = [
  Buffer.concat([frame.head, Buffer.from("content"), frame.tail]),
  ...texts(
    '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.dat"\r\n\r\nabc\r\n--edge--\r\n',
    "--edge\r\nContent-Disposition: form-data; filename=a\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--edge--",
  ),
];

export const LICENSES = texts(
  "; two units\r\n\r\nS/N10245678 = jCx6r5tovCIKaBBb\r\nS/N10245679 = okRdZ5tovCIK/= ; other\r\n",
  "[LicenseKeys]\ns/n: 10245678\n  jCx6r5to\n  vCIKaBBb\n\nS/N #10245679 okRdZ5tovCIK",
  "\u00EF\u00BB\u00BFS/N 10245678\njCx6r5tovCIK\n--------\nEnd.\n",
);

export const CREDENTIALS = texts(
  '[sbc1]\nurl = https://192.0.2.1\nusername = Admin\npassword = "a;b\\"c"\n',
  "; all\n[sbc1.example.com]\npassword=p=q\nca = ~/ca.pem\n\n[ other ]\nfingerprint256 = AA:BB\r\n",
  "[a]\nurl[] = x\nurl = true\n[b\\.c]\npassword = 'x\n",
);

export const DEVICES = texts(
  '{"name": "sbc1", "url": "https://192.0.2.1:8443", "username": "Admin", "password": "x", "tls": {"fingerprint256": "AA", "insecureSkipVerify": false}}',
  '{"profile": "sbc1", "timeouts": {"requestSeconds": 5, "resetSeconds": 900}, "upload": "raw", "allowHttp": true}',
  '{"url": "http://a:b@[::1]/x?y#z", "tls": {"ca": "-----BEGIN CERTIFICATE-----\\nAA\\n-----END CERTIFICATE-----"}}',
);

export const PROFILES = texts(
  '{"profile": 1, "firmware": "7.40A.250.440", "table": "ConditionTable", "incrementalTables": "rows", "answers": {"tableMode": "merge", "largestBodyBytes": 100}, "obscured": ["WebUsers.Password"], "notes": []}',
  '{"profile": 1, "firmware": "7.20A", "product": "Mediant SW", "table": "X", "incrementalTables": "whole", "answers": {"constructor": "x", "toString": 1}, "obscured": [], "notes": ["a"]}',
);

export const ARGUMENTS = texts(
  '{"parameters": {"P": "x", "Q": ["a", 1, true]}, "tables": {"ProxySet": {"0": {"ProxySet_ProxyName": "a", "B": 2}}}}',
  '{"parameters": {"__proto__": "x", "constructor": 1}, "tables": {"toString": {"0": {"hasOwnProperty": "a"}}}}',
);
