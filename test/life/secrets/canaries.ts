import type { ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { type SeenRequest, startServer } from "../../device/server";

/*
 * A device that holds a canary at every kind of place, and answers each write as a test says. It takes nothing over.
 */

/** The device's own secrets, at every kind of place: each line of it has one. */
const LIVE_INI = `;** Ini File **
;Software Version: 7.40A.250.440

SNMPReadOnlyCommunityString_0 = 'canary-live-by-name'
IniFileURL = 'https://ops:canary-live-in-address@h/live.ini'
FirstPlain = '$1$Y2FuYXJ5'
SecondPlain = '$8$Y2FuYXJ5LWxpdmU='
CmpFileURL = 'https://canary-live-token-0123456789@h/x'
PrtFileURL = 'https://ops:canary/live#odd@h/x'
CptFileURL = 'https://h/x?a=1&token=canary-live-query'
MyPin = 'canary-live-by-request'
SyslogServerIP = 192.0.2.1

[ WebUsers ]
FORMAT Index = Username, Password, PrevPassw1, Cnonce;
WebUsers 0 = "Admin", "$1$Y2FuYXJ5", "canary-live-previous", "canary-live-nonce";
[ \\WebUsers ]

[ Wlan ]
FORMAT Index = SSID, RadiusSharedKey, Url;
Wlan 0 = "net", "canary-live-shared", "ftp://ops:canary-live-cell@h/x";
[ \\Wlan ]
`;

/** What is declared: the same places with other canaries, but for what only the device has. */
export const OWN_INI = LIVE_INI.replaceAll("canary-live", "canary-own")
  .replace("'$1$Y2FuYXJ5'", "'$1$Y2FuYXJ5LW93bg=='")
  .replace("$8$Y2FuYXJ5LWxpdmU=", "$8$Y2FuYXJ5LW93bi0=")
  .replace("canary/live", "canary/own")
  .replace("192.0.2.1", "192.0.2.2");

const LIVE_CLI = `configure data
 crypto isakmp key canary-live-isakmp
 tacacs-server key canary-live-tacacs
 radius-server key canary-live-radius
 security wpa key canary-live-wpa
 ip ospf message-digest-key 1 md5 canary-live-ospf
 psk canary-live-psk
 key-string canary-live-string
 interface vlan 1
  encryption-key canary-live-encryption
 exit
exit
configure system
 automatic-update
  voice-configuration https://ops:canary-live-in-address@h/live.ini
 exit
 snmp settings
  ro-community-string canary-live-community
  plain $1$Y2FuYXJ5
  open live
 exit
 user Bob
  password canary-live-password
 exit
exit
`;

/** Every word before a secret that the CLI knows, and an address; the values are variables' or stand there. */
export const OWN_CLI = LIVE_CLI.replaceAll("canary-live", "canary-own")
  .replace("$1$Y2FuYXJ5", "$1$Y2FuYXJ5LW93bg==")
  .replace("open live", "open own")
  .replaceAll("live.ini", "own.ini");

/** The same with a variable in the place of each secret, and their values. */
export function withVariables(script: string): { script: string; variables: Record<string, string> } {
  const variables: Record<string, string> = {};
  const written = script.replace(/canary-own[\w-]*|\$1\$\S+/g, (secret) => {
    const name = `v${Object.keys(variables).length}`;
    variables[name] = secret;
    return `{{${name}}}`;
  });
  return { script: written, variables };
}

const CREDENTIALS = { username: "Admin", password: "canary-of-connection" };

export interface CanaryDevice {
  device: {
    name: string;
    url: string;
    username: string;
    password: string;
    timeouts: { requestSeconds: number; conflictSeconds: number; resetSeconds: number };
  };
  requests: readonly SeenRequest[];
  /** How writes are answered from now on: refused with their own text, or accepted without being carried out. */
  writes: "refused" | "accepted";
}

/** The ways in which a device may write what it was sent. */
const ECHOES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => text.replace(/[^\w ]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
  (text) => text.replace(/./gs, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
];

export async function canaryDevice(t: TestContext): Promise<CanaryDevice> {
  let count = 0;
  const server = await startServer((request, response) => answer(request, response));
  t.after(() => server.close());
  const bench: CanaryDevice = {
    device: {
      name: "sbc1",
      url: server.origin,
      ...CREDENTIALS,
      timeouts: { requestSeconds: 5, conflictSeconds: 0, resetSeconds: 1 },
    },
    requests: server.requests,
    writes: "refused",
  };
  const answer = (request: SeenRequest, response: ServerResponse) => {
    const path = request.path.replace(/^\/api\/v1/, "").replace(/\?.*/, "");
    const send = (status: number, type: string, body: string) => {
      response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
      response.end(body);
    };
    const json = (value: unknown, status = 200) => send(status, "application/json", JSON.stringify(value));
    if (request.method !== "GET") {
      if (bench.writes === "accepted") return json({ description: "ok", output: "" });
      const echo = ECHOES[count++ % ECHOES.length] ?? String;
      // Of a long body a device quotes a line: that of a canary.
      const lines = request.body.toString("utf8").split(/\r?\n/);
      const line = lines.filter((one) => /canary|\$1\$/.test(one))[count % 7] ?? "";
      return json({ description: `\u009b2J\u202eline ${echo(line)} is wrong` }, 400);
    }
    if (path === "/files/ini") return send(200, "text/plain", LIVE_INI);
    if (path === "/files/cliScript") return send(200, "text/plain", LIVE_CLI);
    if (path === "/status")
      return json({
        productType: "Mediant SW",
        osType: "Linux https://ops:canary-in-status@h",
        versionID: "7.40A.250.440",
        operationalState: "UNLOCKED",
        highAvailability: "Not Operational",
        serialNumber: "1",
        saveNeeded: false,
      });
    if (path === "/license")
      return json({
        licenseVersion: 1,
        serialNumber: "1",
        key: "canary-key",
        keyDescription: "Key canary-key",
      });
    if (path === "" || path === "/") return json({ versions: [{ id: "v1", status: "stable" }] });
    return json({ description: "not found" }, 404);
  };
  return bench;
}

/** What of a text is a canary, in whatever form; undefined if there is none. */
export function canaryIn(text: string): string | undefined {
  let plain = text;
  for (let round = 0; round < 3; round += 1) {
    const found = /.{0,80}(?:canary|Y2FuYXJ5|\$\d\$[A-Za-z0-9+/=]{4,}).{0,40}/is.exec(plain);
    if (found !== null) return found[0];
    plain = plain.replace(/%([0-9a-f]{2})|&#x([0-9a-f]+);|\\u([0-9a-f]{4})/gi, (_, ...codes: string[]) =>
      String.fromCharCode(Number.parseInt(codes.find((code) => code !== undefined) ?? "", 16)),
    );
  }
  return undefined;
}
