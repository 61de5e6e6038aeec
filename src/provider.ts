import type { dynamic } from "@pulumi/pulumi";
import { EngineWatch, engineOf } from "./device/shared/engine-watch";
import * as reset from "./reconcile/actions/device-reset";
import * as saved from "./reconcile/actions/saved-configuration";
import * as auxiliary from "./reconcile/auxiliary/auxiliary-file";
import * as cliScript from "./reconcile/cli/cli-script-config";
import * as wholeCli from "./reconcile/cli/full-cli-script-config";
import * as wholeIni from "./reconcile/ini/full-ini-config";
import * as incrementalIni from "./reconcile/ini/incremental-ini-config";
import * as license from "./reconcile/license/device-license";
import { type EngineLife, type Kind, onOneDevice } from "./reconcile/life/one-device";
import * as software from "./reconcile/software/software-load";
import { safeLines } from "./text/describe";

/*
 * What the thunks require, by the name `pulumi-mediant/provider`: the permanent entry. States written by any
 * version call these functions and their six methods, so none is ever renamed or given other arguments.
 */

const engine = engineOf(process.argv);
if (engine !== undefined) EngineWatch.ofProcess ??= new EngineWatch(engine, endProcess);

/** The life of `IncrementalIniConfig`. */
export function incrementalIniConfig(): Life {
  return life({
    type: "IncrementalIniConfig",
    undoes: incrementalIni.undoes,
    check: async (_olds, news) => incrementalIni.check(news),
    diff: async (id, olds, news) => incrementalIni.diff(id, olds, news),
    create: (inputs) => incrementalIni.create(inputs),
    read: (id, props) => incrementalIni.read(id, props),
    update: (id, olds, news) => incrementalIni.update(id, olds, news),
    delete: (id, props) => incrementalIni.remove(id, props),
  });
}

/** The life of `FullIniConfig`. */
export function fullIniConfig(): Life {
  return life({
    type: "FullIniConfig",
    waits: true,
    check: async (olds, news) => wholeIni.check(news, isNew(olds)),
    diff: async (id, olds, news) => wholeIni.diff(id, olds, news),
    create: (inputs) => wholeIni.create(inputs),
    read: (id, props) => wholeIni.read(id, props),
    update: (id, olds, news) => wholeIni.update(id, olds, news),
    delete: (id, props) => wholeIni.remove(id, props),
  });
}

/** The life of `CliScriptConfig`. */
export function cliScriptConfig(): Life {
  return life({
    type: "CliScriptConfig",
    undoes: cliScript.undoes,
    check: async (_olds, news) => cliScript.check(news),
    diff: async (id, olds, news) => cliScript.diff(id, olds, news),
    create: (inputs) => cliScript.create(inputs),
    read: (id, props) => cliScript.read(id, props),
    update: (id, olds, news) => cliScript.update(id, olds, news),
    delete: (id, props) => cliScript.remove(id, props),
  });
}

/** The life of `FullCliScriptConfig`. */
export function fullCliScriptConfig(): Life {
  return life({
    type: "FullCliScriptConfig",
    waits: true,
    check: async (olds, news) => wholeCli.check(news, isNew(olds)),
    diff: async (id, olds, news) => wholeCli.diff(id, olds, news),
    create: (inputs) => wholeCli.create(inputs),
    read: (id, props) => wholeCli.read(id, props),
    update: (id, olds, news) => wholeCli.update(id, olds, news),
    delete: (id, props) => wholeCli.remove(id, props),
  });
}

/** The life of `DeviceReset`, which leaves nothing to read or to undo. */
export function deviceReset(): Life {
  return life({
    type: "DeviceReset",
    waits: true,
    holdsNothing: true,
    check: async (olds, news) => reset.check(news, isNew(olds)),
    diff: async (_id, olds, news) => reset.diff(olds, news),
    create: (inputs) => reset.create(inputs),
    read: async (id, props) => ({ id, props }),
    update: (id, olds, news) => reset.update(id, olds, news),
    delete: async () => undefined,
  });
}

/** The life of `SavedConfiguration`, which leaves nothing to read or to undo. */
export function savedConfiguration(): Life {
  return life({
    type: "SavedConfiguration",
    holdsNothing: true,
    check: async (_olds, news) => saved.check(news),
    diff: async (_id, olds, news) => saved.diff(olds, news),
    create: (inputs) => saved.create(inputs),
    read: async (id, props) => ({ id, props }),
    update: (_id, olds, news) => saved.update(olds, news),
    delete: async () => undefined,
  });
}

/** The life of `SoftwareLoad`. */
export function softwareLoad(): Life {
  return life({
    type: "SoftwareLoad",
    waits: true,
    check: async (olds, news) => software.check(news, isNew(olds)),
    diff: async (id, olds, news) => software.diff(id, olds, news),
    create: (inputs) => software.create(inputs),
    read: (id, props) => software.read(id, props),
    update: (id, olds, news) => software.update(id, olds, news),
    delete: (id, props) => software.remove(id, props),
  });
}

/** The life of `AuxiliaryFile`. */
export function auxiliaryFile(): Life {
  return life({
    type: "AuxiliaryFile",
    check: async (olds, news) => auxiliary.check(news, isNew(olds)),
    diff: async (id, olds, news) => auxiliary.diff(id, olds, news),
    create: (inputs) => auxiliary.create(inputs),
    read: (id, props) => auxiliary.read(id, props),
    update: (id, olds, news) => auxiliary.update(id, olds, news),
    delete: (id, props) => auxiliary.remove(id, props),
  });
}

/** The life of `DeviceLicense`. */
export function deviceLicense(): Life {
  return life({
    type: "DeviceLicense",
    waits: true,
    check: async (olds, news) => license.check(news, isNew(olds)),
    diff: async (id, olds, news) => license.diff(id, olds, news),
    create: (inputs) => license.create(inputs),
    read: (id, props) => license.read(id, props),
    update: (id, olds, news) => license.update(id, olds, news),
    delete: (id, props) => license.remove(id, props),
  });
}

/** At once, with all that waits: nobody is left to take an answer. */
function endProcess(): void {
  console.error("the Pulumi engine has ended, so nothing more is sent to any device");
  process.exit(1);
}

/** The engine passes the inputs of before, none where a resource is to be created. */
function isNew(olds: object): boolean {
  return Object.keys(olds).length === 0;
}

type Life = Required<Omit<dynamic.ResourceProvider, "configure">>;

/**
 * The SDK prints an error and then its stack beside it; the message says all that a user can act on, and nothing that
 * is secret by its look.
 */
function life(methods: Life & Kind): Life {
  return Object.fromEntries(
    Object.entries(onOneDevice(methods as EngineLife & Kind)).map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (method as (...args: unknown[]) => Promise<unknown>)(...args);
        } catch (error) {
          if (error instanceof Error) error.message = safeLines(error.message);
          if (error instanceof Error && "code" in error) error.stack = "";
          throw error;
        }
      },
    ]),
  ) as unknown as Life;
}
