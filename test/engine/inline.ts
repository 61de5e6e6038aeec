/**
 * Program and provider in this process instead of two of their own: the SDK runs the program as the Automation API
 * runs one, and the provider's methods are called with what would have crossed the wire.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import Module from "node:module";
import type { dynamic } from "@pulumi/pulumi";
import { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Child } from "./processes";
import type { ProgramOptions } from "./program";
import { PartialFailure, type Provider } from "./provider";
import type { ResourceState } from "./state";
import { decodeMap, encodeMap, type PropertyMap } from "./values";

/**
 * A provider process that has just begun, with the stack's configuration in plain: the methods that a stored provider's
 * text stands for.
 */
export type OpenProvider = (config: Record<string, string>) => (stored: string) => dynamic.ResourceProvider;

export interface Inline {
  /** @returns the stack's outputs */
  program(): unknown;
  /** @default a process of its own, as the SDK starts it */
  provider?: OpenProvider;
}

/** Runs a program's file from its first line. @returns what it exports, or its function returns: the stack's outputs */
export function runFile(file: string): unknown {
  const program = new Module(file, module) as Module & { load(file: string): void };
  program.load(file);
  return typeof program.exports === "function" ? program.exports() : program.exports;
}

type OnLine = (line: string) => void;

/** Where what is printed goes, run by run. */
const printed = new AsyncLocalStorage<OnLine>();
let listens = false;

function printingTo<R>(onLine: OnLine, run: () => R): R {
  if (!listens) {
    listens = true;
    for (const name of ["log", "error"] as const) {
      const print = console[name];
      console[name] = (...args: unknown[]) => {
        const take = printed.getStore();
        if (take === undefined) return print(...args);
        for (const line of args.join(" ").split(/\r?\n/)) if (line.trim() !== "") take(line);
      };
    }
  }
  return printed.run(onLine, run);
}

/** The SDK logged the errors of the program already. */
const ALREADY_LOGGED = 32;
const FAILED = 1;
/** How long a program of which a call was refused may take to end by itself. */
const GRACE_MS = 500;
const SUMMARY = /^One or more errors occurred/;

type Started = Pick<Child, "ended" | "stopLater">;

/** A program as a function, started as one in a process of its own would be. */
export function inlineProgram(program: Inline["program"]): (options: ProgramOptions) => Started {
  return (options) => {
    let stop = () => {};
    const stopped = new Promise<number>((resolve) => {
      stop = () => resolve(FAILED);
    });
    options.kill?.addEventListener("abort", stop, { once: true });
    const ended = Promise.race([printingTo(options.onLine, () => runProgram(program, options)), stopped]);
    return { ended, stopLater: async () => void setTimeout(stop, GRACE_MS) };
  };
}

interface AutomationServer {
  LanguageServer: new (
    program: () => Promise<unknown>,
  ) => { run(call: { request: RunRequest }, done: (error?: Error) => void): void };
}

async function runProgram(program: Inline["program"], options: ProgramOptions): Promise<number> {
  // It has no types: the SDK calls it internal.
  const { LanguageServer }: AutomationServer = require("@pulumi/pulumi/automation/server");
  const { project, stack, address, parallel, dryRun, config, secretKeys } = options;
  const request = new RunRequest();
  request.setProject(project.name);
  request.setStack(stack);
  request.setOrganization("organization");
  request.setParallel(parallel);
  request.setDryrun(dryRun);
  request.setMonitorAddress(address);
  request.setArgsList([address]);
  for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
  request.setConfigsecretkeysList(secretKeys);
  const restore = withoutRejectionListeners();
  try {
    const problem = await new Promise<Error | undefined>((resolve) => {
      const server = new LanguageServer(async () => program());
      server.run({ request }, (error) => resolve(error));
    });
    if (problem === undefined) return 0;
    return SUMMARY.test(problem.message) ? ALREADY_LOGGED : FAILED;
  } finally {
    restore();
  }
}

let programs = 0;
let others: NodeJS.UnhandledRejectionListener[] = [];

/** What fails in a program is the SDK's to tell; the test runner would take it for a failure of the test. */
function withoutRejectionListeners(): () => void {
  if (programs++ === 0) {
    others = process.listeners("unhandledRejection");
    for (const listener of others) process.off("unhandledRejection", listener);
  }
  return () => {
    if (--programs === 0) for (const listener of others) process.on("unhandledRejection", listener);
  };
}

/** The key under which the SDK stores a provider's text. */
const STORED = "__provider";

/** Does what the SDK's dynamic provider does with the answers of a stored provider. */
export class InlineProvider implements Provider {
  constructor(
    private readonly open: (stored: string) => dynamic.ResourceProvider,
    private readonly onLine: OnLine,
  ) {}

  check(_urn: string, olds: PropertyMap, news: PropertyMap) {
    return this.told(news, async (provider, wired) => {
      const { inputs = wired, failures = [] } = (await provider.check?.(wire(olds), wired)) ?? {};
      return { inputs: stored({ ...inputs, [STORED]: wired[STORED] }), failures };
    });
  }

  diff(old: ResourceState, news: PropertyMap, _ignoreChanges: string[]) {
    return this.told(news, async (provider, wired) => {
      const answer = await provider.diff?.(old.id ?? "", wire(old.outputs), wired);
      const changes =
        answer?.changes === undefined
          ? ("unknown" as const)
          : answer.changes
            ? ("some" as const)
            : ("none" as const);
      return {
        changes,
        replaces: answer?.replaces ?? [],
        deleteBeforeReplace: answer?.deleteBeforeReplace ?? false,
      };
    });
  }

  create(_urn: string, inputs: PropertyMap) {
    return this.failing(inputs, async (provider, wired) => {
      const { id, outs } = await provider.create(wired);
      return { id, outputs: stored({ ...outs, [STORED]: wired[STORED] }) };
    });
  }

  update(old: ResourceState, news: PropertyMap): Promise<PropertyMap> {
    return this.failing(news, async (provider, wired) => {
      const { outs } = (await provider.update?.(old.id ?? "", wire(old.outputs), wired)) ?? {};
      return stored({ ...outs, [STORED]: wired[STORED] });
    });
  }

  read(_urn: string, id: string, state: PropertyMap, _inputs: PropertyMap) {
    return this.told(state, async (provider, wired) => {
      const found = await provider.read?.(id, wired);
      const own = { [STORED]: wired[STORED] };
      return {
        id: found?.id ?? "",
        outputs: stored({ ...found?.props, ...own }),
        inputs: found?.inputs ? stored({ ...found.inputs, ...own }) : undefined,
      };
    });
  }

  delete(old: ResourceState): Promise<void> {
    return this.told(old.outputs, async (provider, wired) => provider.delete?.(old.id ?? "", wired));
  }

  async stop(): Promise<void> {}

  /** Prints what fails, as the SDK does, and throws it. */
  private told<R>(
    state: PropertyMap,
    ask: (provider: dynamic.ResourceProvider, wired: Record<string, unknown>) => Promise<R>,
  ): Promise<R> {
    return printingTo(this.onLine, async () => {
      try {
        const wired = wire(state);
        return await ask(this.open(String(wired[STORED])), wired);
      } catch (error) {
        console.error(`${error}: ${error instanceof Error ? error.stack : ""}`);
        throw plain(error);
      }
    });
  }

  /** Failures of what can leave something behind. */
  private failing<R>(
    state: PropertyMap,
    ask: (provider: dynamic.ResourceProvider, wired: Record<string, unknown>) => Promise<R>,
  ): Promise<R> {
    return printingTo(this.onLine, async () => {
      const wired = wire(state);
      try {
        return await ask(this.open(String(wired[STORED])), wired);
      } catch (error) {
        const left = error as { id?: string; properties?: Record<string, unknown>; reasons?: string[] };
        if (!left.id) throw plain(error);
        throw new PartialFailure(left.id, stored(left.properties ?? {}), left.reasons ?? []);
      }
    });
  }
}

function plain(error: unknown): Error {
  return new Error(error instanceof Error ? error.message : String(error));
}

/** As a provider takes it off the wire. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's own type
function wire(properties: PropertyMap): Record<string, any> {
  return Struct.fromJavaScript(encodeMap(properties)).toJavaScript();
}

/** As the engine takes it off the wire. */
function stored(properties: Record<string, unknown>): PropertyMap {
  // biome-ignore lint/suspicious/noExplicitAny: a struct takes values only, and refuses what is none
  return decodeMap(Struct.fromJavaScript(properties as any).toJavaScript());
}
