/** The fixture program on one engine, with a world of its own: what the tests of this folder play on. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import {
  type Engine,
  type EngineKind,
  type ExportedResource,
  openEngine,
  quickEngines,
  type RunOptions,
  type RunResult,
} from "./engines";
import { type Inline, type OpenProvider, runFile } from "./inline";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "./values";

const { open: openWorld }: { open(world: string): ReturnType<ReturnType<OpenProvider>> & Configurable } =
  require("../fixtures/engine/program/provider");

interface Configurable {
  configure(request: { config: { get(key: string): string | undefined } }): void;
}

export const PROGRAM = resolve(__dirname, "../fixtures/engine/program");

/** A resource of the fixture program, see its index.js. */
export interface Declared {
  name: string;
  props?: Record<string, unknown>;
  opts?: Record<string, unknown>;
  component?: boolean;
}

/** A call of the provider: the method and its arguments. */
export type Call = [method: string, ...args: unknown[]];

export interface Played extends RunResult {
  calls: Call[];
}

export class Stage {
  /** What happened, run by run, in a form that does not differ from engine to engine. */
  readonly record: { operation: string; exitCode: number; calls: string[]; stored: unknown }[] = [];
  private resources: Declared[] = [];

  private constructor(
    readonly engine: Engine,
    readonly world: string,
  ) {}

  static async open(kind: EngineKind, config = {}, secrets = {}): Promise<Stage> {
    const world = await mkdtemp(join(tmpdir(), "world-"));
    const options = { cwd: PROGRAM, stack: "dev", config, secrets, inline: inlineFixture(world) };
    return new Stage(await openEngine(kind, options), world);
  }

  async close(): Promise<void> {
    await this.engine.dispose();
    await rm(this.world, { recursive: true, force: true });
  }

  declare(...resources: Declared[]): this {
    this.resources = resources;
    return this;
  }

  async play(operation: "preview" | "up" | "refresh" | "destroy", options: RunOptions = {}): Promise<Played> {
    await rm(this.traceFile, { force: true });
    const env = {
      FIXTURE_WORLD: this.world,
      FIXTURE_RESOURCES: JSON.stringify(this.resources),
      ...options.env,
    };
    const result = await withEnvironment(env, () => this.engine[operation]({ ...options, env }));
    const calls = await this.calls();
    this.record.push({
      operation,
      exitCode: result.exitCode,
      // In which order independent resources come is nobody's promise.
      calls: calls.map((call) => JSON.stringify(call)).sort(),
      stored: await this.stored(),
    });
    return { ...result, calls };
  }

  /** What the provider was asked since the last run began. */
  async calls(): Promise<Call[]> {
    if (!existsSync(this.traceFile)) return [];
    return (await readFile(this.traceFile, "utf8"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The most calls of a method that were ever under way at once. */
  async peak(method: string): Promise<number> {
    const lines = (await readFile(join(this.world, "peaks"), "utf8")).split("\n");
    return Math.max(
      ...lines.filter((line) => line.startsWith(`${method} `)).map((line) => Number(line.split(" ")[1])),
    );
  }

  /** Changes what a thing really is, behind the engine's back. */
  async change(name: string, thing: Record<string, unknown> | undefined): Promise<void> {
    const file = join(this.world, `id-${name}.json`);
    if (thing === undefined) await rm(file);
    else await writeFile(file, JSON.stringify(thing));
  }

  async real(name: string): Promise<Record<string, unknown> | undefined> {
    const file = join(this.world, `id-${name}.json`);
    return existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : undefined;
  }

  /** The stored things by name, with what differs from run to run left out. */
  async stored(): Promise<Record<string, Record<string, unknown>>> {
    const { resources = [] } = (await this.engine.state()).deployment;
    return Object.fromEntries(
      resources.map((resource): [string, Record<string, unknown>] => {
        const key = `${resource.urn.split("::").at(-1)}${resource["delete"] ? " (old)" : ""}`;
        return [key, timeless(resource)];
      }),
    );
  }

  private get traceFile(): string {
    return join(this.world, "trace");
  }
}

/** The fixture's program and provider inside this process. */
export function inlineFixture(world: string): Inline {
  return { program: () => runFile(join(PROGRAM, "index.js")), provider: providerOf(world) };
}

function providerOf(world: string): OpenProvider {
  return (config) => {
    const methods = openWorld(world);
    const get = (key: string) => config[key.includes(":") ? key : `fixture:${key}`];
    methods.configure({ config: { get } });
    return () => methods;
  };
}

/** A program in this process reads what one of its own would be given. */
export async function withEnvironment<R>(env: Record<string, string>, run: () => Promise<R>): Promise<R> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** Plays a scenario on each engine there is, and compares what both did where there are two. */
export function onEveryEngine(
  name: string,
  scenario: (stage: Stage) => Promise<void>,
  config = {},
  secrets = {},
): void {
  test(name, async (context) => {
    const records: Stage["record"][] = [];
    for (const kind of quickEngines()) {
      await context.test(kind, async () => {
        const stage = await Stage.open(kind, config, secrets);
        try {
          await scenario(stage);
          records.push(stage.record);
        } finally {
          await stage.close();
        }
      });
    }
    if (records.length === 2) assert.deepEqual(records[0], records[1]);
  });
}

/** The calls in short: method and name of the thing, in their order. */
export function inShort(calls: Call[]): string[] {
  return calls.map(([method, ...args]) => {
    const last = args.at(-1) as { name?: string } | undefined;
    return last?.name === undefined ? method : `${method} ${last.name}`;
  });
}

export const SEALED = "[encrypted]";

function timeless(resource: ExportedResource): Record<string, unknown> {
  const { created: _, modified: __, stackTrace: ___, sourcePosition: ____, ...kept } = resource;
  const isProvider = resource.type.startsWith("pulumi:providers:");
  // Pulumi keeps the properties that depend on nothing until a refresh drops them.
  const dependencies = Object.entries(resource["propertyDependencies"] ?? {}).filter(
    ([, urns]) => urns.length > 0,
  );
  return seal({
    ...kept,
    ...(isProvider && { id: "[id]" }),
    propertyDependencies: Object.fromEntries(dependencies),
  }) as Record<string, unknown>;
}

function seal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(seal);
  if (typeof value === "string")
    return value.replace(/(?<=::pulumi:providers:[^:]*::default::)[-\w]+$/, "[id]");
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[SIGNATURE_KEY] === SECRET_SIGNATURE) return SEALED;
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, member]) => (name === "__provider" ? [] : [[name, seal(member)]])),
  );
}
