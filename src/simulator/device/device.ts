import { Refusal } from "../answer";
import type { SettledBehaviour } from "../behaviour";
import type { CliAnswerStyle } from "../cli/answer";
import { type ExportStyle, exportRows, exportScript } from "../cli/export";
import { type CliModel, cliModelOf } from "../cli/model";
import { type CliContext, type CliOutcome, CliSession } from "../cli/session";
import { answerQuery, type Shown } from "../cli/show";
import { dump, NOISE } from "../config/dump";
import { FACTORY_USER, fillFactory, putUser, type SimulatorUser, userIndex } from "../config/factory";
import { type IniText, readIni } from "../config/grammar";
import { factoryWithHidden, type LoadRules, loadFull, loadIncremental } from "../config/load";
import { Model } from "../config/model";
import { ConfigStore } from "../config/store";
import type { ScriptFault, SoftwareFault } from "../faults";
import { AUXILIARY_KINDS, type AuxiliaryFile, AuxiliaryFiles } from "./auxiliary-files";
import { type Dialect, dialectOf } from "./dialect";
import { Licenses } from "./licenses";
import { Software } from "./software";
import { Units } from "./units";

/** What makes one simulated device unlike another. */
export interface DeviceSettings {
  firmware: string;
  ini: string | undefined;
  /** In place of the factory's, beside those of `ini`. Undefined: the factory's, where `ini` does not have it. */
  users: readonly SimulatorUser[] | undefined;
  eol: "\r\n" | "\n";
  noise: boolean;
  behaviour: SettledBehaviour;
  /** Parameters, and columns as `Table.Column`, that keep their value whatever a file says. */
  ignores(name: string): boolean;
  now: () => number;
  /** Whether it is one of a pair; else it stands alone. */
  highAvailability?: boolean;
  /** Of the unit that is active at start. */
  serialNumber?: string;
  /** Of the unit that is active at start. The factory's where left out. */
  licenseKey?: string | undefined;
  /** Whether a licence that is installed already makes the device reset, as it does where left out. */
  sameLicenseKeyResets?: boolean | undefined;
  licenseKeyInGroups?: boolean | undefined;
  /** Whether the licence that is here now has no effect. */
  takeLicenseIgnored?: () => boolean;
  /** How the software load that is here now fares, where unlike it should. */
  takeSoftwareOutcome?: () => SoftwareFault | undefined;
  /** How the script that is here now goes, where unlike it should. */
  takeScriptOutcome?: () => ScriptFault | undefined;
  /** How 7.0 prints rows. @default "plain" */
  cliLayout?: "plain" | "set";
  /** Whether the output of a script comes in one line. By the form of the answer where left out. */
  flattenOutput?: boolean;
}

/** A device that has been up for as long as the manual's example shows (LTRT-41760 section 6.2.2). */
const UPTIME_AT_START_MS = 88_600_000;
const PREFIX_LENGTH_OF_IPV4 = 32;
/** `ApplicationTypes` that include management: OAMP alone, with media, with control, with both. */
const MANAGEMENT_APPLICATIONS = new Set(["0", "3", "4", "6"]);

/** The device behind the interface: its running and its flash configuration, kept apart. */
export class Device {
  readonly model: Model;
  readonly running: ConfigStore;
  readonly flash: ConfigStore;
  readonly units: Units;
  readonly licenses: Licenses;
  readonly software: Software;
  readonly auxiliaryFiles = new AuxiliaryFiles();
  /** What it runs. Another edition speaks another dialect, but knows the names that it knew at start. */
  firmware: string;
  /** Whether it takes no calls. */
  locked = false;
  /** How many times it started again. */
  boots = 0;
  /** Calls in progress: what a graceful reset waits for. */
  activeCalls = 0;
  /** Where its alarms are; set once both exist. */
  alarms: Shown["alarms"] = { active: [], history: [] };
  readonly #settings: DeviceSettings;
  readonly #rules: LoadRules;
  readonly #factory: ConfigStore;
  /** The configuration at the last start: what a reset-needing parameter still works with. */
  readonly #booted: ConfigStore;
  #bootedAt: number;
  readonly #makeCli: () => CliModel;
  #cli: CliModel | undefined;

  constructor(settings: DeviceSettings) {
    this.#settings = settings;
    this.firmware = settings.firmware;
    this.units = new Units(settings.highAvailability ?? false, settings.serialNumber);
    this.licenses = new Licenses(settings.takeLicenseIgnored ?? (() => false));
    if (settings.licenseKey !== undefined)
      this.licenses.install(new Map([[this.serialNumber, settings.licenseKey]]));
    this.software = new Software(settings.takeSoftwareOutcome ?? (() => undefined));
    this.model = new Model(this.dialect.old);
    const start = settings.ini === undefined ? undefined : readIni(`${settings.ini}\n`);
    if (start) this.model.learn(start);
    const { old } = this.dialect;
    this.#makeCli = () => cliModelOf(this.model, { old, sets: old && settings.cliLayout === "set" });
    this.#rules = { ...settings.behaviour, ignores: settings.ignores };
    this.#factory = new ConfigStore(this.model, (store) => this.#dump(store), settings.behaviour.rowOrder);
    fillFactory(this.#factory, old);
    this.running = this.#factory.clone();
    if (start) this.#fill(start);
    this.#putUsers(start);
    this.flash = this.running.clone();
    this.#booted = this.running.clone();
    this.#bootedAt = settings.now() - UPTIME_AT_START_MS;
  }

  /** Made when a script first comes: most devices never see one. */
  get cli(): CliModel {
    this.#cli ??= this.#makeCli();
    return this.#cli;
  }

  get dialect(): Dialect {
    return dialectOf(this.firmware);
  }

  get serialNumber(): string {
    return this.units.active.serialNumber;
  }

  /** Whether a key is shown in groups, with a blank between them. */
  get showsKeyInGroups(): boolean {
    return this.#settings.licenseKeyInGroups ?? false;
  }

  get sameLicenseKeyResets(): boolean {
    return this.#settings.sameLicenseKeyResets ?? true;
  }

  get productType(): string {
    return "Mediant SW";
  }

  get now(): number {
    return this.#settings.now();
  }

  get uptimeSeconds(): number {
    return Math.floor((this.now - this.#bootedAt) / 1000);
  }

  /** What the status says of it. */
  get saveNeededTold(): boolean {
    return this.#settings.behaviour.unsavedChange === "told" && this.saveNeeded;
  }

  get saveNeeded(): boolean {
    return this.auxiliaryFiles.saveNeeded || !this.running.equals(this.flash);
  }

  /** Whether a parameter, or a file, that takes effect at a reset was changed since the last one. */
  get resetNeeded(): boolean {
    if (this.auxiliaryFiles.resetNeeded) return true;
    return this.model
      .parameters()
      .some(
        ({ name, needsReset }) => needsReset && this.running.parameter(name) !== this.#booted.parameter(name),
      );
  }

  /** The interface over which the device is managed, as its own configuration has it. */
  get address(): { ip: string; subnetMask: string; gateway: string } {
    const rows = this.running
      .indexes("InterfaceTable")
      .map((index) => this.running.row("InterfaceTable", index));
    const row =
      rows.find((cells) => MANAGEMENT_APPLICATIONS.has(cells?.["ApplicationTypes"] ?? "")) ?? rows[0];
    return {
      ip: row?.["IPAddress"] ?? "0.0.0.0",
      subnetMask: subnetMask(Number(row?.["PrefixLength"] ?? 0)),
      gateway: row?.["Gateway"] ?? "0.0.0.0",
    };
  }

  /** @throws IniRefusal, LoadRefusal: nothing was applied */
  loadIncrementalIni(text: string): void {
    loadIncremental(readIni(text, this.#rules), this.running, this.#rules);
  }

  /** Takes a whole configuration into running and flash. @throws IniRefusal, LoadRefusal: nothing was applied */
  loadFullIni(text: string): void {
    loadFull(readIni(text, this.#rules), this.running, this.#factory, this.#rules);
    this.save();
  }

  /** Runs a partial script on the running configuration, line by line: what it did before it failed stays. */
  runCli(script: string): CliOutcome {
    const fault = this.#settings.takeScriptOutcome?.();
    const outcome = new CliSession(this.#cliContext(this.running)).run(firstLines(script, fault));
    const { output, bare } = fault ?? {};
    return { ...outcome, ...(output === undefined ? {} : { output: [output] }), bare };
  }

  /** Takes a whole script into running and flash. @throws Refusal if a line is refused: nothing was applied */
  loadFullCli(script: string): void {
    const fault = this.#settings.takeScriptOutcome?.();
    if (fault?.lines === 0) return;
    const next = factoryWithHidden(this.running, this.#factory);
    next.router.clear();
    const context = { ...this.#cliContext(next), replaces: this.running };
    const { failure } = new CliSession(context).run(firstLines(script, fault));
    if (failure !== undefined) throw new Refusal(400, failure);
    this.running.assign(next);
    this.save();
  }

  /** The running script, in lines. */
  cliScript(style: Pick<ExportStyle, "defaults" | "mode"> = {}): string[] {
    const whole = { ...this.#exportStyle, ...style };
    const { salted, ...shown } = whole;
    const print = () => exportScript(this.cli, this.running, whole);
    // What `configure data` has is not known to be the same.
    if (salted || !this.running.router.isEmpty) return print();
    return [...this.running.made(`script ${JSON.stringify(shown)}`, print)];
  }

  /** The running script as a download. */
  cliScriptFile(): string {
    const { eol, noise } = this.#settings;
    return [...this.cliScript(), ...(noise ? [NOISE] : [])].map((line) => line + eol).join("");
  }

  get cliAnswerStyle(): CliAnswerStyle {
    const { behaviour, flattenOutput, eol } = this.#settings;
    const form = behaviour.cliAnswer ?? (this.dialect.old ? "manual" : "status");
    return { form, flatten: flattenOutput ?? form === "description-output", eol };
  }

  /** @param kind one of AUXILIARY_KINDS */
  loadAuxiliaryFile(kind: string, file: AuxiliaryFile): void {
    this.auxiliaryFiles.running.set(kind, file);
    const parameter = AUXILIARY_KINDS[kind]?.parameter;
    if (parameter !== undefined) this.running.setParameter(parameter, file.fileName);
  }

  save(): void {
    this.flash.assign(this.running);
    this.auxiliaryFiles.save();
  }

  /** Starts again with what is in flash. */
  boot(firmware = this.firmware): void {
    this.running.assign(this.flash);
    this.auxiliaryFiles.boot();
    this.activeCalls = 0;
    this.#start(firmware);
  }

  /** The other unit of the pair takes over configuration and calls; it has just started with this version. */
  switchOver(firmware: string): void {
    this.units.switchOver();
    this.auxiliaryFiles.markBooted();
    this.#start(firmware);
  }

  #start(firmware: string): void {
    this.firmware = firmware;
    this.#booted.assign(this.running);
    this.#bootedAt = this.now;
    this.boots++;
  }

  #cliContext(store: ConfigStore): CliContext {
    return {
      model: this.cli,
      store,
      ignores: this.#settings.ignores,
      show: (words) => answerQuery(this, words),
      display: (command) => exportRows(command, store, this.#exportStyle),
    };
  }

  get #exportStyle(): ExportStyle {
    return { board: this.productType, salted: this.#salted, sets: this.cli.sets };
  }

  get #salted(): boolean {
    return this.#settings.behaviour.obscuring === "anew";
  }

  #putUsers(start: IniText | undefined): void {
    const { users } = this.#settings;
    const own = start?.entries.some(({ name }) => name.toLowerCase() === "webusers");
    if (users && !own) this.running.clearTable("WebUsers");
    for (const user of users ?? []) putUser(this.running, user, this.dialect.old);
    if (!users && userIndex(this.running, FACTORY_USER.username) === undefined)
      putUser(this.running, FACTORY_USER, this.dialect.old);
  }

  #fill(ini: IniText): void {
    loadFull(ini, this.running, this.#factory, {
      ...this.#rules,
      ignores: () => false,
      trusted: true,
    });
    for (const name of ini.hiddenParameters) this.running.setParameter(name, "withheld");
    for (const name of ini.hiddenTables)
      if (this.running.indexes(name).length === 0) this.running.addRow(name, 0, {});
  }

  #dump(store: ConfigStore): string {
    const { eol, noise, behaviour } = this.#settings;
    const { old } = this.dialect;
    return dump(store, {
      board: this.productType,
      serialNumber: this.serialNumber,
      firmware: this.firmware,
      ipAddress: this.address.ip,
      time: new Date(this.now).toUTCString(),
      longFormat: old,
      readOnlyColumns: old,
      shortFormat: behaviour.columnsAtDefault === "left out",
      salted: this.#salted,
      defaults: behaviour.defaults === "shown",
      noise,
      eol,
    });
  }
}

function subnetMask(prefixLength: number): string {
  const bits = "1".repeat(Math.min(prefixLength, PREFIX_LENGTH_OF_IPV4)).padEnd(PREFIX_LENGTH_OF_IPV4, "0");
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)).join(".");
}

/** As much of a script as is to run. */
function firstLines(script: string, fault: ScriptFault | undefined): string {
  return fault?.lines === undefined ? script : script.split("\n").slice(0, fault.lines).join("\n");
}
