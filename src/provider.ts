import type { dynamic } from "@pulumi/pulumi";
import { showLinesBy } from "./device/log";
import { EngineLines } from "./device/shared/engine-lines";
import { EngineWatch, engineOf } from "./device/shared/engine-watch";
import type { Life } from "./reconcile/life/life";
import { methodsOf } from "./reconcile/life/methods";
import { ProviderProcess } from "./reconcile/life/provider-process";
import { livesOf } from "./reconcile/lives";

/*
 * What the thunks require, by the name `pulumi-mediant/provider`: the permanent entry. States written by any
 * version call these functions and their six methods, so none is ever renamed or given other arguments.
 */

const address = engineOf(process.argv);
const engine = address && new EngineWatch(address, endProcess);
const lines = address && new EngineLines(address);
if (lines !== undefined) showLinesBy(lines.show);
const lives = livesOf(new ProviderProcess({ engine }));

/** The life of `IncrementalIniConfig`. */
export const incrementalIniConfig = entry(lives.incrementalIniConfig);

/** The life of `FullIniConfig`. */
export const fullIniConfig = entry(lives.fullIniConfig);

/** The life of `CliScriptConfig`. */
export const cliScriptConfig = entry(lives.cliScriptConfig);

/** The life of `FullCliScriptConfig`. */
export const fullCliScriptConfig = entry(lives.fullCliScriptConfig);

/** The life of `SoftwareLoad`. */
export const softwareLoad = entry(lives.softwareLoad);

/** The life of `AuxiliaryFile`. */
export const auxiliaryFile = entry(lives.auxiliaryFile);

/** The life of `DeviceLicense`. */
export const deviceLicense = entry(lives.deviceLicense);

/** The life of `SavedConfiguration`. */
export const savedConfiguration = entry(lives.savedConfiguration);

/** The life of `DeviceReset`. */
export const deviceReset = entry(lives.deviceReset);

type Methods = Required<Omit<dynamic.ResourceProvider, "configure">>;

/** What a thunk calls. */
function entry<Inputs, State>(life: Life<Inputs, State>): () => Methods {
  const methods: Methods = methodsOf(life, () => lines?.settled());
  return () => methods;
}

/** At once, with all that waits: nobody is left to take an answer. */
function endProcess(): void {
  console.error("the Pulumi engine has ended, so nothing more is sent to any device");
  process.exit(1);
}
