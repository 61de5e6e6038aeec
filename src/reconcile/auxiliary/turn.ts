import { basename } from "node:path";
import type { AuxiliaryKind } from "../../declare/auxiliary-kinds";
import { AUXILIARY_KINDS, type FileSign, fileNameNow, signOf } from "../../declare/auxiliary-kinds";
import type { DeviceClient } from "../../device/client";
import { nameInForm } from "../../device/upload/multipart";
import type { Observed } from "../../ini/observe";
import { readDump } from "../ini/sightings";
import type { Log } from "../life/log";
import { save } from "../life/saving";

/** What a load needs of the inputs. */
export interface AuxiliaryOrder {
  kind: AuxiliaryKind;
  source: string;
  sha256: string;
  save?: boolean;
  __mediantSize: number;
  __mediantName: string;
}

/** What a state says of how far an earlier load came. */
export interface AuxiliaryProgress {
  save?: boolean;
  __mediantSign?: FileSign;
  __mediantUnsaved?: boolean;
}

/** One turn of a file on a device, under its write lock: upload, read back what shows of it, save. */
export class AuxiliaryLoad {
  /** Whether the device holds the file. */
  loaded = false;
  /** Whether the running configuration still has to be saved. */
  unsaved = false;
  sign: FileSign | undefined;

  constructor(
    private readonly client: DeviceClient,
    private readonly inputs: AuxiliaryOrder,
    private readonly log: Log,
  ) {}

  async run(): Promise<void> {
    const {
      kind,
      source: path,
      sha256,
      __mediantSize: size,
      __mediantName: label,
      save = true,
    } = this.inputs;
    const before = await this.read();
    await this.client.putAuxiliaryFile(kind, { path, size, sha256 }, { label });
    this.loaded = true;
    this.unsaved = save;
    await this.readBack(before);
    await this.save();
    const { resetNeeded } = await this.client.status();
    if (resetNeeded) this.log("loaded; the device says that it needs a reset, which DeviceReset brings");
  }

  /** Brings to its end what an earlier run has loaded. */
  async finish(state: AuxiliaryProgress): Promise<void> {
    const { save = true } = this.inputs;
    this.loaded = true;
    this.sign = state.__mediantSign;
    this.unsaved = save && (state.__mediantUnsaved === true || state.save === false);
    if (state.__mediantUnsaved && !(await this.isStillThere())) return this.run();
    if (this.unsaved) await this.save();
    else await this.client.status();
  }

  /** Whether the device shows what was loaded and not saved: it may have started anew since. */
  private async isStillThere(): Promise<boolean> {
    if (this.sign !== undefined) return fileNameNow(this.sign, await this.read()) === this.sign.fileName;
    // A run that broke off before it read back knows no sign.
    await this.readBack(undefined);
    return this.sign !== undefined;
  }

  private async readBack(before: Observed | undefined): Promise<void> {
    const { kind, source } = this.inputs;
    this.sign = signOf(kind, before, await this.read(), nameInForm(basename(source)));
    if (this.sign !== undefined) return;
    const { parameter } = AUXILIARY_KINDS[kind];
    this.log(
      `loaded; the device does not show ${parameter}, so a later change of the file on the device cannot be seen`,
    );
  }

  private async save(): Promise<void> {
    if (!this.unsaved) return;
    await save(this.client);
    this.unsaved = false;
  }

  private async read(): Promise<Observed> {
    return (await readDump(this.client)).observed;
  }
}
