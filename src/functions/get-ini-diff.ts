import * as pulumi from "@pulumi/pulumi";
import { present } from "../declare/present";
import { THE_ONLY_ONE } from "../device/whole-document";
import type { Address } from "../ini/address";
import type { Configuration, Value } from "../ini/configuration";
import { declaredBy } from "../ini/declared";
import { unlikeLive } from "../ini/dump/unlike";
import { decodeIni } from "../ini/encoding";
import { NameMap } from "../ini/names";
import { liveAt, liveConfiguration, type Observed, observe, sameLive } from "../ini/observe";
import { secretTest } from "../ini/secrets";
import type { DeviceArgs } from "../resources/device";
import { type IniArgs, iniInputs } from "../resources/ini-arguments";
import { isSecretValue, secretShare, shownValue } from "../secrets/values";
import { patchLine, unifiedPatch } from "../text/patch";
import { askedDevice } from "./asked-device";
import type { OutputArgs } from "./output-form";
import { type Resolved, resolveTracked } from "./resolve-tracked";
import { settledResources } from "./settled-resources";

/** The arguments of {@link getIniDiff}. */
export interface GetIniDiffArgs extends pulumi.Unwrap<IniArgs> {
  device: DeviceArgs;
  /**
   * `incremental`: what is declared is compared, and nothing else. `full`: a whole configuration, so that what it
   * leaves out returns to its default or goes. Default: `incremental`.
   */
  mode?: "incremental" | "full";
}

/** The arguments of {@link getIniDiffOutput}. */
export interface GetIniDiffOutputArgs extends IniArgs, OutputArgs<Pick<GetIniDiffArgs, "device" | "mode">> {}

/** One parameter or cell that applying the configuration would change. */
export interface IniChange {
  /** `EnableSyslog`, or `ProxySet 3 ProxyName`. */
  address: string;
  /**
   * What the device shows; undefined if it shows nothing, or if the value is a secret. Of an address with credentials
   * these alone are left out.
   */
  before?: Value;
  /** What is declared, in the same way; undefined if it would return to its default or go. */
  after?: Value;
  kind: "add" | "change" | "remove";
  /** Whether the value is a secret: a declared one always counts as a change, for the device shows it obscured. */
  secret: boolean;
}

/** What applying a configuration now would change on a device. */
export interface IniDiff {
  changes: IniChange[];
  /** The same as a unified diff, a line each; secrets are redacted. Empty if nothing would change. */
  patch: string;
  /** Parameters and tables that the device withholds, so that nothing can be said of them. */
  hidden: string[];
}

/**
 * What applying an ini configuration to a device would change now. The engine's first preview of a resource does
 * not ask the device; this does, in previews too, so a pull request can show the first change as well.
 *
 * @throws RunError for arguments that are malformed, or not known yet; DeviceError if the device cannot be read
 * @example
 * ```ts
 * const { changes, patch } = await getIniDiff({ device, ini: fs.readFileSync("base.ini", "utf8") });
 * ```
 */
export function getIniDiff(args: GetIniDiffArgs): Promise<IniDiff> {
  return iniDiff(args);
}

/** Takes outputs as well: which of them are secret decides what is shown. */
async function iniDiff(args: GetIniDiffOutputArgs): Promise<IniDiff> {
  const { parameters, tables, partlySecret } = iniInputs(args, SUBJECT);
  const [client, declared, more, mode] = await Promise.all([
    askedDevice(args.device, OUTPUT_FORM),
    resolveTracked({ parameters: parameters ?? {}, tables: tables ?? {} }, OUTPUT_FORM),
    resolveTracked(args.secretNames ?? [], OUTPUT_FORM),
    resolveTracked(args.mode ?? "incremental", OUTPUT_FORM),
  ]);
  const observed = observe(decodeIni(await client.ini(THE_ONLY_ONE)).text);
  const named = secretTest(more.value as string[]);
  const marked = secretAddresses(declared);
  return diffOf(client.connection.name, observed, declared.value as Configuration, {
    whole: mode.value === "full",
    isSecret: (address) => (marked.has(address) && !partlySecret.has(address)) || named(address),
  });
}

const OUTPUT_FORM = "getIniDiffOutput";
const SUBJECT = "getIniDiff";

/** As {@link getIniDiff}, for a device or a configuration that is not known yet. */
export function getIniDiffOutput(
  args: GetIniDiffOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<IniDiff> {
  const { parameters, tables } = iniInputs(args, SUBJECT);
  const everything = pulumi.all([
    args.device,
    parameters,
    tables,
    args.secretNames,
    args.mode,
    settledResources(opts.dependsOn),
  ] as pulumi.Input<unknown>[]);
  // The answer is redacted, so it is no secret although it was made with some.
  return pulumi.unsecret(everything.apply(() => iniDiff(args)));
}

function diffOf(
  device: string,
  observed: Observed,
  declared: Configuration,
  options: { whole: boolean; isSecret: (address: Address) => boolean },
): IniDiff {
  const differing = [...pairs(observed, declared, options.whole)].filter(differs);
  const changes = differing.map((pair) => changeOf(pair, options.isSecret(pair.address)));
  const lines = changes.map((change) => patchLine(change));
  return {
    changes,
    patch: unifiedPatch(`${device} (now)`, `${device} (declared)`, lines),
    hidden: hiddenNames(observed),
  };
}

/** What stands at one address on the device and in the declaration. */
interface Pair {
  address: Address;
  before: Value | undefined;
  after: Value | undefined;
}

/** What is declared and not shown so and, for a whole configuration, all that would go. */
function* pairs(observed: Observed, declared: Configuration, whole: boolean): Iterable<Pair> {
  for (const { address, place, value } of unlikeLive(declared, observed))
    yield { address, before: liveAt(observed, place), after: value };
  if (!whole) return;
  const { values } = declaredBy(declared);
  for (const [address, before] of declaredBy(liveConfiguration(observed)).values) {
    if (!values.has(address)) yield { address, before, after: undefined };
  }
}

function differs({ before, after }: Pair): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return !sameLive(after, before);
}

function changeOf({ address, before, after }: Pair, isSecret: boolean): IniChange {
  const values = [before, after].filter((value) => value !== undefined);
  const hidden = isSecret || values.some((value) => secretShare(value) === "all");
  return {
    address,
    kind: before === undefined ? "add" : after === undefined ? "remove" : "change",
    secret: hidden || values.some(isSecretValue),
    ...present({
      before: hidden || before === undefined ? undefined : shownValue(before, false),
      after: hidden || after === undefined ? undefined : shownValue(after, false),
    }),
  };
}

/** What the device withholds, and so cannot be compared. */
function hiddenNames({ hiddenParameters, tables }: Observed): string[] {
  const hidden = [...tables.values()].filter((table) => table.hidden);
  return [...hiddenParameters.keys(), ...hidden.map(({ name }) => `table ${name}`)];
}

/** The addresses whose declared values the program marked as secrets. */
function secretAddresses(declared: Resolved): NameMap<true> {
  return new NameMap(
    declared.secretPaths.flatMap(([branch, ...path]): [string, true][] =>
      branch === "parameters" || path.length === 3
        ? [[(branch === "parameters" ? path.slice(0, 1) : path).join(" "), true]]
        : [],
    ),
  );
}
