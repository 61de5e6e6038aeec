import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { liveConfiguration, observe } from "../../src/ini/observe";
import type { Simulator } from "../../src/simulator";
import { sha256 } from "../shared/files";
import type { Operation } from "./operation";
import { type Begun, type LifeName, ManagedResource, methodsInThisProcess } from "./resource";
import { OLD_FIRMWARE, type Stage } from "./stage";
import { ADMIN } from "./surroundings";

type Version = "old" | "new";
type Args = Record<string, unknown>;

/** One kind of resource: what is declared, and how a device's own store shows what became of it. */
interface Kind {
  name: string;
  life: LifeName;
  args(stage: Stage, version: Version): Args | Promise<Args>;
  /** Whether the device holds it. */
  holds(simulator: Simulator, version: Version, kept: Stage["kept"]): boolean;
  write: string;
  document?: string;
  saves?: true;
  resets?: true;
  sendsFile?: true;
  /** Whether the write may go out again without harm, so that a lost answer is no reason to ask first. */
  isHarmless?: true;
  /** A change by hand, and whether a refresh has seen it. Left out if nothing can be read back. */
  drift?: { make(simulator: Simulator): void; isSeen(state: Args): boolean };
  /** Whether the device is as it was before. Left out if nothing is sent when it goes. */
  isReleased?(simulator: Simulator): boolean;
}

/** As a person asks a device whose certificate is to be refused later. */
const UNCHECKED = new Agent({ connect: { rejectUnauthorized: false } });

const INI = "GET /api/v1/files/ini";
const SCRIPT = "GET /api/v1/files/cliScript";

const address = { old: "10.0.0.2", new: "10.0.0.3" };
const proxyName = { old: "PS_old", new: "PS_new" };
const firmware = { old: "7.40A.400.010", new: "7.40A.500.010" };
const key = { old: "canaryKeyA9f2BBBB", new: "canaryKeyB9f3CCCC" };

const hasRow = ({ running }: Simulator, version: Version) =>
  running.cell("ProxySet", 9, "ProxyName") === proxyName[version];
const hasAddress = ({ running }: Simulator, version: Version) =>
  running.parameter("SyslogServerIP") === address[version];
const changeAddress = ({ running }: Simulator) => running.setParameter("SyslogServerIP", "192.0.2.99");
const changeRow = ({ running }: Simulator) => running.setCell("ProxySet", 9, "ProxyName", "PS_hand");

const KINDS: Kind[] = [
  {
    name: "IncrementalIniConfig",
    life: "incrementalIniConfig",
    isHarmless: true,
    args: (_, version) => ({
      parameters: { SyslogServerIP: address[version], SNMPReadOnlyCommunityString_0: `canary-${version}` },
      tables: { ProxySet: { 9: { ProxyName: proxyName[version] } } },
      onRelease: "restore",
    }),
    holds: (simulator, version) => hasAddress(simulator, version) && hasRow(simulator, version),
    write: "PUT /api/v1/files/ini/incremental",
    document: INI,
    saves: true,
    drift: {
      make: changeAddress,
      isSeen: ({ parameters }) => (parameters as Args)["SyslogServerIP"] === "192.0.2.99",
    },
    isReleased: ({ running }) =>
      running.parameter("SyslogServerIP") === "10.0.0.1" && running.row("ProxySet", 9) === undefined,
  },
  {
    name: "FullIniConfig",
    life: "fullIniConfig",
    args({ kept }, version) {
      const { parameters, tables } = structuredClone(kept["whole"]) as ReturnType<typeof liveConfiguration>;
      return {
        parameters: { ...parameters, SyslogServerIP: address[version] },
        tables: { ...tables, ProxySet: { ...tables["ProxySet"], 9: { ProxyName: proxyName[version] } } },
        allowLossOfAccess: true,
      };
    },
    holds: (simulator, version) => hasAddress(simulator, version) && hasRow(simulator, version),
    write: "PUT /api/v1/files/ini",
    document: INI,
    resets: true,
    drift: {
      make: changeAddress,
      isSeen: ({ parameters }) => (parameters as Args)["SyslogServerIP"] === "192.0.2.99",
    },
  },
  {
    name: "CliScriptConfig",
    life: "cliScriptConfig",
    args: (_, version) => ({
      script: `configure voip\n  proxy-set 9\n    proxy-name "${proxyName[version]}"\n    activate\n  exit\nexit\n`,
      deleteScript: "configure voip\n  no proxy-set 9\nexit\n",
    }),
    holds: hasRow,
    write: "PUT /api/v1/files/cliScript/incremental",
    document: SCRIPT,
    saves: true,
    drift: { make: changeRow, isSeen: ({ script }) => String(script).includes("PS_hand") },
    isReleased: ({ running }) => running.row("ProxySet", 9) === undefined,
  },
  {
    name: "FullCliScriptConfig",
    life: "fullCliScriptConfig",
    args: ({ kept }, version) => ({
      script: `${kept["script"]}configure voip\n  proxy-set 9\n    proxy-name "${proxyName[version]}"\n    activate\n  exit\nexit\n`,
      allowLossOfAccess: true,
    }),
    holds: hasRow,
    write: "PUT /api/v1/files/cliScript",
    document: SCRIPT,
    resets: true,
    drift: { make: changeRow, isSeen: ({ script }) => String(script).includes("PS_hand") },
  },
  {
    name: "SoftwareLoad",
    life: "softwareLoad",
    args: (stage, version) => ({
      ...fileOf(stage, `${version}.cmp`, Buffer.from(`\0load ${firmware[version]}\0`)),
      version: firmware[version],
    }),
    holds: (simulator, version) => simulator.firmware === firmware[version],
    write: "PUT /api/v1/files/software",
    resets: true,
    sendsFile: true,
    drift: {
      make(simulator) {
        simulator.firmware = OLD_FIRMWARE;
      },
      isSeen: ({ version }) => version === OLD_FIRMWARE,
    },
  },
  {
    name: "AuxiliaryFile",
    life: "auxiliaryFile",
    isHarmless: true,
    args: (stage, version) => ({
      kind: "cpt",
      ...fileOf(stage, `tones-${version}.dat`, Buffer.from([0, 1, 2, 3, version.length])),
    }),
    holds: ({ auxiliaryFiles, running }, version) =>
      auxiliaryFiles.has("cpt") && running.parameter("CallProgressTonesFilename") === `tones-${version}.dat`,
    write: "PUT /api/v1/files/cpt",
    document: INI,
    saves: true,
    sendsFile: true,
    drift: {
      make: ({ running }) => running.setParameter("CallProgressTonesFilename", "other.dat"),
      isSeen: ({ fileName }) => fileName === "other.dat",
    },
  },
  {
    name: "DeviceLicense",
    life: "deviceLicense",
    args: (_, version) => ({ key: key[version] }),
    holds: ({ license }, version) => license.key === key[version],
    write: "PUT /api/v1/license",
    document: "GET /api/v1/license",
    resets: true,
    drift: {
      make(simulator) {
        simulator.license = { key: "canaryHand9f4DDDD" };
      },
      isSeen: ({ key }) => key === "canaryHand9f4DDDD",
    },
  },
  {
    name: "SavedConfiguration",
    life: "savedConfiguration",
    isHarmless: true,
    args: (_, version) => ({ triggers: [version] }),
    holds: ({ flash, running }) => flash.equals(running),
    write: "POST /api/v1/actions/saveConfiguration",
  },
  {
    name: "DeviceReset",
    life: "deviceReset",
    args: (_, version) => ({ triggers: [version] }),
    holds: ({ restarts }, _, kept) => restarts > Number(kept["restarts"]),
    write: "POST /api/v1/actions/reset",
    resets: true,
  },
];

/** A file of this machine, of a size that does not leave in one piece; the same for the same name. */
function fileOf({ folder }: Stage, name: string, head: Buffer): Args {
  const content = Buffer.concat([head, Buffer.alloc(300_000, name)]);
  const source = join(folder, name);
  if (!existsSync(source)) writeFileSync(source, content);
  return { source, sha256: sha256(content), __mediantSize: content.length };
}

/** How a resource's methods are called: in this process, or in one of its own. */
export type Begin = (life: LifeName, lines: string[]) => Begun | Promise<Begun>;

/** Creation, update, refresh and release of each kind of resource. */
export function resourceOperations(begin: Begin = methodsInThisProcess): Operation[] {
  return KINDS.flatMap((kind) => operationsOf(kind, begin));
}

function operationsOf(kind: Kind, begin: Begin): Operation[] {
  const { name, life, write, document, saves, resets, sendsFile, isHarmless, drift, isReleased } = kind;
  const inputs = async (stage: Stage, version: Version) => ({
    ...(await kind.args(stage, version)),
    device: stage.device,
    __mediantName: "ours",
    __provider: "the thunk",
  });
  const resourceOf = (stage: Stage): ManagedResource => {
    stage.resource ??= new ManagedResource(() => begin(life, stage.lines));
    return stage.resource;
  };
  const up = async (stage: Stage, version: Version, refresh = false) =>
    resourceOf(stage).up(await inputs(stage, version), { refresh });
  const wrong = ({ simulator, kept }: Stage, version: Version): string | undefined => {
    if (!kind.holds(simulator, version, kept)) return "the device does not hold what is declared";
    return saves && !simulator.flash.equals(simulator.running) ? "the change is not saved" : undefined;
  };
  const writing = { document, write, saves, resets, sendsFile, isHarmless };
  const remember = async (stage: Stage) => {
    const { simulator } = stage;
    // A file that is to be sent is there before anything goes wrong.
    if (sendsFile) await kind.args(stage, "new");
    stage.kept["restarts"] = simulator.restarts;
    stage.kept["whole"] = liveConfiguration(observe(simulator.running.dump()));
    if (life !== "fullCliScriptConfig") return;
    const authorization = `Basic ${Buffer.from(`${ADMIN.username}:${ADMIN.password}`).toString("base64")}`;
    const { body } = await request(`${simulator.url}/api/v1/files/cliScript`, {
      headers: { authorization },
      dispatcher: UNCHECKED,
    });
    const script = (await body.text()).replaceAll("\r\n", "\n");
    stage.kept["script"] = script.slice(0, script.lastIndexOf("\nexit\n") + "\nexit\n".length);
  };
  const begun = async (stage: Stage) => {
    await remember(stage);
    await up(stage, "old");
    stage.kept["restarts"] = stage.simulator.restarts;
  };
  const changing = (version: Version): Pick<Operation, "run" | "again" | "wrong" | "isQuiet"> => ({
    run: (stage) => up(stage, version),
    again: (stage, refresh) => up(stage, version, refresh),
    wrong: (stage) => wrong(stage, version),
    isQuiet: async (stage) => !(await resourceOf(stage).changes(await inputs(stage, version))),
  });
  return [
    { name, step: "create", kind: "change", does: writing, prepare: remember, ...changing("new") },
    { name, step: "update", kind: "change", does: writing, prepare: begun, ...changing("new") },
    {
      name,
      step: "refresh",
      kind: "look",
      does: drift === undefined ? {} : { document: document ?? "GET /api/v1/status" },
      async prepare(stage) {
        await begun(stage);
        // It is saved, for otherwise a reset would undo it.
        stage.byHand((simulator) => {
          drift?.make(simulator);
          simulator.flash.assign(simulator.running);
        });
      },
      run: (stage) => resourceOf(stage).refresh(),
      again: (stage) => resourceOf(stage).refresh(),
      wrong: (stage) =>
        drift === undefined || drift.isSeen(stage.resource?.state ?? {})
          ? undefined
          : "the drift was not seen",
    },
    {
      name,
      step: "delete",
      kind: "change",
      does: isReleased === undefined ? {} : writing,
      prepare: begun,
      run: (stage) => resourceOf(stage).destroy(),
      again: (stage) => resourceOf(stage).destroy(),
      wrong({ simulator }) {
        if (isReleased?.(simulator) === false) return "what was there before is not back";
        return saves && isReleased && !simulator.flash.equals(simulator.running)
          ? "the release is not saved"
          : undefined;
      },
    },
  ];
}
