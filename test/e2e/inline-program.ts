/** Programs of the package's resources for the inline engine: the program as a function, and the provider beside it. */
import type { dynamic } from "@pulumi/pulumi";
import type { Surroundings } from "../../src/device/devices";
import type { Named } from "../../src/reconcile/life/engine-answers";
import type { Life } from "../../src/reconcile/life/life";
import { methodsOf } from "../../src/reconcile/life/methods";
import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import { livesOf } from "../../src/reconcile/lives";
import { type Inline, runFile } from "../engine/inline";

/** @param surroundings of the provider, what it has by itself if left out */
export function inlineOf(program: Inline["program"], surroundings?: Surroundings): Inline {
  return { program, provider: () => openProvider(surroundings) };
}

/** A program's file, which runs from its first line each time. */
export function inlineFile(file: string): Inline {
  return inlineOf(() => runFile(file));
}

/** The package's provider as a process that has just begun has it. */
function openProvider(surroundings?: Surroundings): (stored: string) => dynamic.ResourceProvider {
  const lives = livesOf(new ProviderProcess(surroundings));
  const methods = new Map<string, dynamic.ResourceProvider>(
    Object.entries(lives).map(([name, life]) => [name, methodsOf(life as Life<Named, Named>)]),
  );
  return (stored) => {
    // By reference, as the package has it, or by value.
    const [, thunk, entry] =
      /require\("pulumi-mediant\/(?:dist\/thunks\/([\w-]+)\.js"\)|provider"\)\.(\w+)\(\))/.exec(stored) ?? [];
    const name = entry ?? thunk?.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const found = methods.get(name ?? "");
    if (found === undefined) throw new Error(`no resource of the package stored ${stored}`);
    return found;
  };
}
