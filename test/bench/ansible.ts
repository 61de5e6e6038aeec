import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { IncrementalIniInputs } from "../../src/reconcile/ini/incremental-ini-config";
import { type Program, Stack } from "../life/ini/stack";
import { startDevice } from "./device";
import { hasPulumi, NO_PULUMI, openBenchStack } from "./engine-run";
import { MANY_PROGRAM } from "./many";
import { elapsed, silently } from "./measure";
import type { Figure, Section } from "./report";

const FRAGMENTS = 50;
/** Names the program; default: the one on PATH. */
const ANSIBLE = process.env["ANSIBLE_PLAYBOOK"] ?? "ansible-playbook";

/** Each fragment is sent; all of them are read back once, which is less than we do, and saved once. */
const PLAYBOOK = `
- hosts: localhost
  gather_facts: false
  vars: { ansible_python_interpreter: "{{ ansible_playbook_python }}" }
  module_defaults:
    uri: { url_username: Admin, url_password: Admin, force_basic_auth: true }
  tasks:
    - uri:
        url: "{{ url }}/api/v1/files/ini/incremental"
        method: PUT
        body_format: form-multipart
        body:
          file:
            filename: row.ini
            mime_type: application/octet-stream
            content: "[ ProxySet ]\\nFORMAT Index = ProxyName;\\nProxySet {{ item }} = \\"PS_{{ item }}\\";\\n[ \\\\ProxySet ]\\n"
      loop: "{{ range(1, count | int + 1) | list }}"
    - uri: { url: "{{ url }}/api/v1/files/ini", method: GET, return_content: true }
    - uri: { url: "{{ url }}/api/v1/actions/saveConfiguration", method: POST }
`;

/** Small fragments on one device, beside Ansible's module \`uri\`. */
export async function besideAnsible(): Promise<Section> {
  const own = await ownSeconds();
  const whole = hasPulumi() ? await wholeSeconds() : undefined;
  const other = await ansibleSeconds();
  const figure = (what: string, ours: number | undefined, atLeast: number): Figure => {
    const measured = { ...(ours !== undefined && { ours }), ...(other !== undefined && { ansible: other }) };
    if (ours === undefined) return { what, measured, skipped: NO_PULUMI };
    if (other === undefined) return { what, measured, skipped: `there is no ${ANSIBLE}` };
    return { what, measured, ratio: other / ours, target: { atLeast } };
  };
  return {
    title: `${FRAGMENTS} fragments on one device, s; the ratio is how many times faster than Ansible's uri`,
    figures: [figure("pulumi up", whole, 5), figure("the provider's own part", own, 20)],
  };
}

async function ownSeconds(): Promise<number> {
  const device = await startDevice({});
  const program: Program = Object.fromEntries(
    Array.from({ length: FRAGMENTS }, (_, at) => [
      `r${at}`,
      { tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } } },
    ]),
  );
  const stack = new Stack(
    (name, declared): IncrementalIniInputs => ({
      device: device.settings,
      ...declared,
      __mediantName: name,
    }),
  );
  try {
    return (await silently(() => elapsed(() => stack.up(program)))) / 1000;
  } finally {
    device.close();
  }
}

async function wholeSeconds(): Promise<number> {
  const device = await startDevice({});
  const stack = await openBenchStack(MANY_PROGRAM);
  try {
    const declared = { url: device.settings.url, count: FRAGMENTS, devices: 1, ours: true };
    return (await stack.run("up", { refresh: false, env: { BENCH: JSON.stringify(declared) } })).seconds;
  } finally {
    device.close();
    await stack.close();
  }
}

/** Undefined if there is no Ansible. */
async function ansibleSeconds(): Promise<number | undefined> {
  const device = await startDevice({});
  const folder = await mkdtemp(join(tmpdir(), "mediant-bench-"));
  try {
    const book = join(folder, "book.yaml");
    await writeFile(book, PLAYBOOK);
    const args = [
      "-i",
      "localhost,",
      "-c",
      "local",
      "-e",
      `url=${device.settings.url} count=${FRAGMENTS}`,
      book,
    ];
    const env = { ...process.env, ANSIBLE_LOCALHOST_WARNING: "false" };
    return (await elapsed(() => promisify(execFile)(ANSIBLE, args, { env }))) / 1000;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    device.close();
    await rm(folder, { recursive: true });
  }
}
