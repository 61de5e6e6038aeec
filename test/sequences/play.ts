import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import { livesOf } from "../../src/reconcile/lives";
import type { Simulator, SimulatorOptions } from "../../src/simulator";
import { simulate } from "../../src/simulator/simulated";
import { Auditor, type Circumstances, Findings } from "./auditor";
import { type AnyLife, Engine, type Goal, type Outcome, type RunningProcess, type UpFlags } from "./engine";
import { type Kill, MemoryLine, ProcessNetwork } from "./network";
import { CLI_PLACES, OTHER_PLACES, PLACES, putByHand, START } from "./palette";
import { ignoredBy, inputsOf, type Kind, type Program, pathOf, placesOf, type Resource } from "./program";
import {
  type DeviceKind,
  type Edit,
  type Fault,
  type NewResource,
  type RunStep,
  type Sequence,
  type Step,
  TARGETS,
} from "./steps";
import { ProcessTime, VirtualTime } from "./time";

const PASSWORD = "canary-of-connection";
const DEVICE = { name: "sbc", url: "https://sbc.example.com", username: "Admin", password: PASSWORD };
const EPOCH = Date.UTC(2030, 0, 1);
/** For what a device does after a run was cut off. */
const AFTERMATH_MS = 20_000;

/** What came of a sequence. */
export interface Played {
  /** Simulated, in milliseconds. */
  ms: number;
  requests: number;
  /** What happened, for people who look at a failure. */
  story: readonly string[];
}

/** Plays a sequence on a device of its own. @throws Findings, with the story */
export async function play(sequence: Sequence): Promise<Played> {
  const world = await World.begin(sequence);
  const kept = console.log;
  console.log = (...words: unknown[]) => world.hear(words.map(String).join(" "));
  try {
    for (const step of sequence.steps) await world.take(step);
    await world.settle();
  } catch (error) {
    if (error instanceof Findings) throw error;
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Findings([words, ...world.story]);
  } finally {
    console.log = kept;
  }
  return { ms: world.time.now(), requests: world.requests, story: world.story };
}

class World {
  readonly time: VirtualTime;
  readonly story: string[] = [];
  requests = 0;
  private lines: string[] = [];
  private readonly engine = new Engine();
  private readonly auditor: Auditor;
  private readonly program: Program;
  private readonly chained: boolean | undefined;
  private names = 0;

  private constructor(
    time: VirtualTime,
    private readonly simulator: Simulator,
    private readonly line: MemoryLine,
    private readonly random: () => number,
    { save, resources, twin, chained }: Sequence,
  ) {
    this.time = time;
    this.chained = chained;
    this.auditor = new Auditor(simulator.running, simulator.flash);
    this.program = { resources: [], choices: new Map(), save };
    const twice = twin ? (resources.find(isFoundDone) ?? resources[0]) : undefined;
    for (const resource of [...resources, ...(twice ? [twice] : [])]) this.add(resource);
  }

  static async begin(sequence: Sequence): Promise<World> {
    const time = new VirtualTime();
    let line: MemoryLine | undefined;
    const simulator = await simulate(
      {
        serialNumber: "10245678",
        ini: START,
        ...optionsOf(sequence.device),
        users: [{ username: "Admin", password: PASSWORD, level: "Security Administrator" }],
        now: () => EPOCH + time.now(),
        latencyMs: 30,
        resetSeconds: 40,
      },
      {
        after: (ms, run) => time.after(ms, run),
        openLine: (order) => {
          line = new MemoryLine(time, order);
          return line;
        },
      },
    );
    if (line === undefined) throw new Error("internal error: no line");
    return new World(time, simulator, line, randomFrom(sequence.seed), sequence);
  }

  hear(line: string): void {
    this.lines.push(line);
  }

  async take(step: Step): Promise<void> {
    if (step.do === "edit") {
      for (const edit of step.edits) this.edit(edit);
    } else if (step.do === "hand") this.changeByHand(step);
    else await this.run(step);
    this.throwFindings();
  }

  /** Whatever happened: an undisturbed run puts everything right, and nothing is left to do after it. */
  async settle(): Promise<void> {
    const up: RunStep = {
      do: "run",
      verb: "up",
      refresh: "before",
      targets: [],
      replace: undefined,
      continueOnError: false,
      faults: [],
      kill: undefined,
    };
    await this.run(up);
    this.throwFindings();
    for (const refresh of ["none", "before"] as const) {
      const preview = await this.preview(this.goals(), {
        refresh,
        chained: this.chained,
        continueOnError: false,
      });
      for (const [name, { op }] of preview)
        if (op !== "same")
          this.auditor.find(`a preview right after a good run says ${op} of ${name} (refresh: ${refresh})`);
      this.throwFindings();
    }
  }

  private edit(edit: Edit): void {
    const { resources, choices } = this.program;
    if (edit.edit === "value") {
      const declared = resources.filter(({ kind }) => kind !== "saved").flatMap(placesOf);
      const places = declared.length > 0 ? declared : PLACES;
      const { address = "" } = places[edit.place % places.length] ?? {};
      choices.set(address, edit.choice);
      this.story.push(`edit: ${address} takes value ${edit.choice}`);
      return;
    }
    if (edit.edit === "add") {
      this.add(edit.resource);
      return;
    }
    const resource = resources[edit.pick % Math.max(1, resources.length)];
    if (resource === undefined) return;
    this.story.push(`edit: ${JSON.stringify(edit)} of ${resource.name}`);
    switch (edit.edit) {
      case "place":
        toggle(resource, edit.place);
        break;
      case "drop":
        resources.splice(resources.indexOf(resource), 1);
        break;
      case "rename":
        resource.alias = edit.alias ? (resource.alias ?? resource.name) : undefined;
        resource.name = `r${++this.names}`;
        break;
      case "restores":
        resource.restores = !resource.restores;
        break;
      case "ignore":
        resource.ignores = resource.ignores.length > 0 ? [] : ignoredPath(resource, edit.place);
        break;
      case "trigger":
        resource.trigger++;
        break;
    }
  }

  private add({ kind, places, restores, owns }: NewResource): void {
    const name = `r${++this.names}`;
    const resource: Resource = {
      key: name,
      name,
      kind,
      places: new Set(places),
      restores,
      ignores: [],
      trigger: 0,
    };
    const table = placesOf(resource).find((place) => place.table !== undefined)?.table;
    if (owns && table !== undefined) resource.owns = table;
    this.program.resources.push(resource);
    this.story.push(
      `edit: ${kind} ${name} ${restores ? "(restores) " : ""}is added: ${placesOf(resource)
        .map(({ address }) => address)
        .join(", ")}`,
    );
  }

  private changeByHand({ place: at, choice, gone, saved }: Extract<Step, { do: "hand" }>): void {
    const all = [...PLACES, ...OTHER_PLACES];
    const place = all[at % all.length];
    if (place === undefined) return;
    const { running } = this.simulator;
    const value = place.values[choice % place.values.length] ?? "";
    const held = /^0\d/.test(value) ? value.slice(1) : value;
    if (!gone) putByHand(running, place, held);
    else if (place.table === undefined || place.index === undefined)
      running.setParameter(place.name, undefined);
    else running.removeRow(place.table, place.index);
    if (saved) this.simulator.flash.assign(running);
    this.auditor.accept();
    this.story.push(`by hand: ${place.address} ${gone ? "is gone" : `= ${held}`}${saved ? ", saved" : ""}`);
  }

  private goals(): Goal[] {
    return this.program.resources.flatMap((resource): Goal[] => {
      const inputs = inputsOf(this.program, resource, DEVICE);
      if (inputs === undefined) return [];
      const { name, alias, kind } = resource;
      return [{ name, alias, kind, inputs, ignores: ignoredBy(this.program, resource) }];
    });
  }

  private async preview(goals: readonly Goal[], flags: UpFlags): Promise<Map<string, Outcome>> {
    const { engine, auditor } = this;
    auditor.begin(`preview (refresh: ${flags.refresh})`, [...engine.state.values()], goals);
    const ran = await this.inProcess([], undefined, (process) => engine.preview(process, goals, flags));
    auditor.judgeWire(ran.circumstances, false);
    auditor.judgeSecrets(ran.circumstances.lines, (ran.result ?? new Map()).values(), []);
    return ran.result ?? new Map<string, Outcome>();
  }

  private async run(step: RunStep): Promise<void> {
    const { engine, auditor } = this;
    const goals = step.verb === "destroy" ? [] : this.goals();
    const flags = this.flagsOf(step, goals);
    const preview = step.verb === "refresh" ? undefined : await this.preview(goals, flags);
    if (step.verb === "preview") return;
    const told = `${step.verb} (refresh: ${flags.refresh}${flags.targets ? `, targets: ${flags.targets.join(" ")}` : ""}${flags.replace ? `, replace: ${flags.replace}` : ""})`;
    this.story.push(
      `${told} ${step.faults.map((fault) => JSON.stringify(fault)).join(" ")} ${step.kill ? JSON.stringify(step.kill) : ""}`,
    );
    auditor.begin(`${told} [${this.story.length}]`, [...engine.state.values()], goals, isLate(step.faults));
    const outcomes = new Map<string, Outcome>();
    const isRefresh = step.verb === "refresh";
    const { circumstances } = await this.inProcess(step.faults, step.kill, (process) =>
      isRefresh ? engine.refresh(process, outcomes) : engine.up(process, goals, flags, outcomes),
    );
    for (const line of circumstances.lines) this.story.push(`    | ${line}`);
    for (const { method, path, status, sentAt, arrived } of circumstances.records)
      this.story.push(
        `    ${Math.round(sentAt)} ms: ${method} ${path} ${status ?? (arrived ? "no answer" : "not sent")}`,
      );
    for (const [name, { op, reasons }] of outcomes)
      this.story.push(
        `  ${name}: ${op} ${reasons === undefined ? "never ended" : reasons.length === 0 ? "went well" : `failed: ${reasons.join("; ")}`}`,
      );
    for (const resource of this.program.resources) if (engine.state.has(resource.name)) delete resource.alias;
    auditor.judgeWire(circumstances, !isRefresh);
    auditor.judgeSecrets(circumstances.lines, outcomes.values(), engine.state.values());
    auditor.judgeUp(outcomes, engine.state, flags, circumstances);
    if (!circumstances.faulty && !isRefresh) {
      auditor.judgeRestored(outcomes, circumstances);
      auditor.judgeThrift(outcomes, circumstances);
    }
    auditor.judgeDamage(outcomes.values(), step.kill !== undefined);
    const readFailed = [...outcomes.values()].some(
      ({ op, reasons }) => op === "same" && reasons?.length !== 0,
    );
    if (preview !== undefined) auditor.judgePreview(preview, outcomes, circumstances, { readFailed, flags });
    if (isRefresh && outcomes.size === 0 && !circumstances.faulty)
      auditor.judgeRefreshed(engine.state.values());
  }

  private flagsOf(
    { verb, refresh, targets, replace, continueOnError }: RunStep,
    goals: readonly Goal[],
  ): UpFlags {
    const names = [...new Set([...goals.map(({ name }) => name), ...this.engine.state.keys()])];
    const named = (pick: number) => names[pick % Math.max(1, names.length)];
    const picked = targets.flatMap((pick) => named(pick) ?? []);
    return {
      refresh: verb === "destroy" && refresh === "between" ? "before" : refresh,
      targets: picked.length > 0 ? picked : undefined,
      replace: replace === undefined || verb === "destroy" ? undefined : named(replace),
      chained: this.chained,
      continueOnError,
    };
  }

  /** Does something in a provider process of its own, which can be cut off. */
  private async inProcess<T>(
    faults: readonly Fault[],
    kill: Kill | undefined,
    work: (process: RunningProcess) => Promise<T>,
  ): Promise<{ result: T | undefined; circumstances: Circumstances }> {
    const { time, auditor, simulator } = this;
    const processTime = new ProcessTime(time);
    const gone = new AbortController();
    let goneAt: number | undefined;
    let end: () => void = () => {};
    const killed = new Promise<undefined>((resolve) => {
      end = () => resolve(undefined);
    });
    let plugged = false;
    const at = new Map<number, () => void>();
    for (const fault of faults)
      this.put(fault, at, () => {
        plugged = true;
      });
    const network = new ProcessNetwork({
      line: () => this.line,
      time,
      process: processTime,
      random: this.random,
      kill,
      at,
      onKilled: ({ when }) => {
        if (when !== "engine") processTime.ended = true;
        else {
          goneAt = time.now();
          gone.abort();
        }
        end();
      },
      onDealtWith: ({ method }) => {
        if (method !== "GET") auditor.look();
      },
    });
    const provider = new ProviderProcess({
      engine: { gone: gone.signal, alive: async () => !gone.signal.aborted },
      clock: processTime,
      random: this.random,
      open: () => network,
    });
    const lives = livesOf(provider);
    const process: RunningProcess = {
      lives: {
        ini: lives.incrementalIniConfig as unknown as AnyLife,
        cli: lives.cliScriptConfig as unknown as AnyLife,
        saved: lives.savedConfiguration as unknown as AnyLife,
      } satisfies Record<Kind, AnyLife>,
      sleep: (ms) => new Promise((resolve) => processTime.after(ms, resolve)),
      random: this.random,
      done: (held) => auditor.judgeSaved(held, isLate(faults)),
      seen: (held) => {
        if (kill === undefined && faults.length === 0) auditor.judgeRefreshed([held]);
      },
    };
    this.lines = [];
    const result = await time.until(Promise.race([work(process), killed]));
    if (kill !== undefined || faults.length > 0) await time.pass(AFTERMATH_MS);
    processTime.ended = true;
    if (this.line.isDark) await time.pass(60_000);
    simulator.faults.clear();
    auditor.look();
    this.requests += network.records.length;
    const { records, mostWrites } = network;
    const faulty = faults.length > 0 || kill !== undefined;
    const late = isLate(faults);
    return {
      result,
      circumstances: { faulty, plugged, late, records, mostWrites, goneAt, lines: this.lines },
    };
  }

  private put(fault: Fault, at: Map<number, () => void>, onPlugged: () => void): void {
    const { simulator, auditor } = this;
    const { faults, running } = simulator;
    const target = "target" in fault ? TARGETS[fault.target] : undefined;
    switch (fault.fault) {
      case "conflict":
        faults.conflict({ times: fault.times });
        break;
      case "fail":
        faults.fail(fault.status, target, fault.times);
        break;
      case "lose":
        faults.loseAnswer(target, { applied: fault.applied, times: fault.times });
        break;
      case "hang":
        faults.hang(target);
        break;
      case "half":
        faults.cutMidBody(target, fault.times);
        break;
      case "spoil": {
        const times = fault.how === BETWEEN_LINES ? 1 : fault.times;
        faults.spoil(target, SPOILT[fault.how % SPOILT.length] ?? {}, times);
        break;
      }
      case "cut":
        faults.cutUpload(fault.share);
        break;
      case "late":
        faults.applyLate(fault.ms, TARGETS[0]);
        break;
      case "script":
        faults.scriptOutcome({ lines: fault.lines });
        break;
      case "refuse":
        // Whatever secret of a program is in the upload, the answer repeats its line.
        faults.refuseUploadContaining("canary-own", ECHOES[fault.echo % ECHOES.length]);
        break;
      case "plug":
        at.set(fault.request, () => {
          auditor.look();
          simulator.reset();
          auditor.acceptReset();
          onPlugged();
        });
        break;
      case "hand":
        at.set(fault.request, () => {
          auditor.look();
          // Not in a table: nobody is locked out between a read and a write.
          const place = OTHER_PLACES[fault.choice % 2];
          if (place !== undefined)
            putByHand(running, place, place.values[fault.choice % place.values.length] ?? "");
          auditor.accept();
        });
        break;
      case "damage":
        faults.afterChange(() => this.damage(fault));
    }
  }

  /** The device damages a row that nobody declares and that an upload has sent again, once. */
  private damage(fault: Extract<Fault, { fault: "damage" }>): void {
    const { auditor, simulator } = this;
    const { running, faults, writes } = simulator;
    const body = writes.at(-1)?.body ?? "";
    const sent = OTHER_PLACES.filter(
      ({ table, index }) =>
        table !== undefined &&
        index === "8" &&
        auditor.stood(table, index) &&
        new RegExp(`^${table} 8 =`, "m").test(body),
    );
    const { table, index, name, secret } = sent[fault.pick % Math.max(1, sent.length)] ?? {};
    if (table === undefined || index === undefined || name === undefined) {
      faults.afterChange(() => this.damage(fault));
      return;
    }
    auditor.look();
    // One obscured value is not told from another.
    if (fault.gone || secret) running.removeRow(table, index);
    else running.setCell(table, index, name, "damaged");
    auditor.expectBack();
  }

  private throwFindings(): void {
    if (this.auditor.findings.length > 0) throw new Findings([...this.auditor.findings, "", ...this.story]);
  }
}

/** How devices, and what stands before them, may write what they were sent. */
const ECHOES: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => encodeURIComponent(line),
  (line) => line.replace(/[^\w ]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
  (line) => line.replace(/./gs, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
  (line) => JSON.stringify(line),
  (line) => line.replace(/canary[\w-]*/g, (secret) => Buffer.from(secret).toString("base64")),
];

function optionsOf({ old, ...behaviour }: DeviceKind): SimulatorOptions {
  return { ...behaviour, ...(old && { firmware: "7.00A.018.005" }) };
}

/** Ways in which an answer of 200 cannot be relied on. */
const SPOILT = [
  { body: (whole: Buffer) => cutInside(whole, 1 / 2) },
  { body: () => "" },
  { body: () => "<html><body>Log in</body></html>" },
  { body: () => '{"description":"starting"}' },
  { body: (whole: Buffer) => cutInside(whole, 3 / 4), end: "close" as const },
  { body: (whole: Buffer) => whole.subarray(0, whole.indexOf("\n", whole.length >> 1) + 1) },
];

/** The one that cuts between two lines. Twice in a row, nobody can tell it from the whole. */
const BETWEEN_LINES = 5;

/** The beginning of a text, that ends in the middle of a line. */
function cutInside(whole: Buffer, share: number): Buffer {
  const isEnd = (at: number) => whole[at] === 10 || whole[at] === 13;
  let at = Math.floor(whole.length * share);
  while (at > 1 && (isEnd(at - 1) || isEnd(at))) at--;
  return whole.subarray(0, at);
}

function isLate(faults: readonly Fault[]): boolean {
  return faults.some(({ fault }) => fault === "late");
}

/** Scripts do not share a save, and one without a secret is not run where another has done the same. */
function isFoundDone({ kind, places }: NewResource): boolean {
  return kind === "cli" && places.every((at) => CLI_PLACES[at]?.secret !== true);
}

function toggle({ kind, places }: Resource, place: number): void {
  const at = kind === "cli" ? place % CLI_PLACES.length : place;
  if (!places.delete(at)) places.add(at);
}

function ignoredPath(resource: Resource, at: number): string[] {
  const places = placesOf(resource);
  const place = places[at % Math.max(1, places.length)];
  return resource.kind === "ini" && place !== undefined ? [pathOf(place)] : [];
}

/** A small generator of numbers, 0 <= n < 1, by a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
