import type { DeviceClient } from "../../device/client";
import type { ReadCache } from "../../device/shared/read-cache";
import { rowAddress } from "../../ini/address";
import { decodeIni, type Encoding, encodeIni } from "../../ini/encoding";
import { type Observed, observe } from "../../ini/observe";
import { type IniText, renderIni } from "../../ini/render";
import { isOutcomeUnknown, isRefused, ReconcileError, reasonsOf } from "../life/errors";
import { type Fragment, secretTexts, withTaken } from "./fragment";
import { type IniPlan, isEmptyPlan, planIni, TableOverlay } from "./plan";
import { removeRowsByCli } from "./row-removal";
import { unmanagedDamage } from "./verify";

/** A write whose answer was lost is looked up, and sent again where it left nothing, so many times in all. */
const UPLOADS = 3;

/**
 * One turn of ini uploads on a device, under its write lock: read, upload, read back. What is known when it breaks
 * off is in its properties.
 */
export class IniTurn {
  /** Whether the device may have been changed. */
  wrote = false;
  /** The last dump that could be read since the uploads; undefined where none could be. */
  after: Observed | undefined;
  private readonly cache: ReadCache;
  private encoding: Encoding = "utf-8";
  private longHeaders = false;
  private readonly told = new Set<string>();

  constructor(private readonly client: DeviceClient) {
    this.cache = client.device.cache;
  }

  /**
   * The device before any upload: later ones take its form.
   * @param doubt why one read that shows this is not enough to send tables whole
   */
  async begin(doubt: (observed: Observed) => string | undefined = () => undefined): Promise<Observed> {
    const { incrementalTables } = this.client.connection;
    const before = await this.read(incrementalTables === "rows" ? undefined : doubt);
    this.longHeaders = before.longHeaders;
    return before;
  }

  async read(doubt?: (observed: Observed) => string | undefined): Promise<Observed> {
    const doubtOf = doubt && ((dump: Buffer) => doubt(observe(decodeIni(dump).text)));
    const { text, encoding } = decodeIni(await this.client.ini(doubtOf));
    this.encoding = encoding;
    return observe(text);
  }

  plan(before: Observed, fragments: readonly Fragment[]): IniPlan {
    const { incrementalTables, username } = this.client.connection;
    return planIni(before, fragments, { incrementalTables, username, encoding: this.encoding });
  }

  /** Sends what the fragments want of the device as it was, and gives the plan of that. */
  async upload(before: Observed, fragments: readonly Fragment[]): Promise<IniPlan> {
    const first = this.plan(before, fragments);
    for (const note of first.notes) this.tell(note);
    let plan = first;
    for (let attempt = 1; !isEmptyPlan(plan); attempt++) {
      try {
        await this.put(plan.text, fragments);
        break;
      } catch (error) {
        if (!isOutcomeUnknown(error) || attempt === UPLOADS) throw error;
        const now = await this.read();
        const taken = fragments.map((fragment) => withTaken(fragment, first.written, before, now));
        plan = this.plan(now, taken);
      }
    }
    return first;
  }

  /** What the device shows after the upload of a plan, when what it lost or kept against the plan is put right. */
  async readBack(before: Observed, plan: IniPlan): Promise<Observed> {
    const shown = this.wrote ? await this.putBack(before, plan, await this.read()) : before;
    this.after = await this.removeKeptRows(plan, shown);
    return this.after;
  }

  private async put(text: IniText, fragments: readonly Fragment[]): Promise<void> {
    const body = encodeIni(renderIni(text, { longHeaders: this.longHeaders }), this.encoding);
    // The plan has refused what the encoding has no form for.
    if (body === undefined) throw new Error("internal error: an upload that cannot be encoded");
    this.cache.drop();
    try {
      await this.client.putIncrementalIni(body, secretTexts(fragments));
      this.wrote = true;
    } catch (error) {
      if (isOutcomeUnknown(error)) this.wrote = true;
      throw error;
    } finally {
      this.cache.drop();
    }
  }

  /** Rows that nobody declared must stand as they stood; what an upload lost of them goes back at once. */
  private async putBack(before: Observed, plan: IniPlan, after: Observed): Promise<Observed> {
    this.after = after;
    for (let attempt = 1; ; attempt++) {
      const damage = unmanagedDamage(before, this.after, plan);
      if (damage.length === 0) return this.after;
      const rows = [...new Set(damage.map(({ table, index }) => rowAddress(table, index)))].join(", ");
      const lost = `the device changed rows that nobody declared, and they could not be put back: ${rows}`;
      if (attempt > UPLOADS) throw new ReconcileError([lost]);
      this.tell(`putting back what the upload changed and nobody declared: ${rows}`);
      // A device that loses the rows that a table leaves out must get the table whole.
      const overlay = new TableOverlay(this.after, { incrementalTables: "whole" });
      for (const { table, index, column, raw } of damage) overlay.set(table, index, column, raw);
      const tables = overlay.tables().flatMap((name) => overlay.table(name) ?? []);
      try {
        if (tables.length > 0) await this.put({ parameters: [], tables }, []);
      } catch (error) {
        if (!isOutcomeUnknown(error)) throw new ReconcileError([lost, ...reasonsOf(error)]);
      }
      this.after = await this.read();
    }
  }

  /** Rows that had to go and that the device keeps although their table came without them go by the CLI. */
  private async removeKeptRows(plan: IniPlan, after: Observed): Promise<Observed> {
    let shown = after;
    for (let attempt = 1; attempt <= UPLOADS; attempt++) {
      const kept = [...plan.removed.values()].flatMap(({ table, index }) => {
        const row = shown.tables.get(table)?.rows.get(index);
        if (row === undefined) return [];
        return [
          { table, index, cells: Object.fromEntries([...row].map(([column, { text }]) => [column, text])) },
        ];
      });
      if (kept.length === 0) return shown;
      this.cache.drop();
      try {
        for (const refusal of await removeRowsByCli(this.client, kept)) this.tell(refusal);
        attempt = UPLOADS;
      } catch (error) {
        if (!isRefused(error) && !isOutcomeUnknown(error)) throw error;
        if (isRefused(error)) this.tell(reasonsOf(error).join("; "));
      } finally {
        this.wrote = true;
        this.cache.drop();
      }
      shown = await this.read();
    }
    return shown;
  }

  /** A line about the device as a whole, once a turn. */
  private tell(line: string): void {
    if (!this.told.has(line)) console.log(`[${this.client.connection.name}] ${line}`);
    this.told.add(line);
  }
}
