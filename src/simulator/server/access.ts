import { LEVEL_CODES, type SimulatorUser, type UserLevel, userIndex } from "../config/factory";
import { isForeign } from "../config/secrets";
import type { Device } from "../device/device";

/** After so many wrong passwords in a row, a user is refused for so long, with the right one too. */
export interface Lockout {
  attempts: number;
  seconds: number;
}

/** HTTP Basic against the device's own WebUsers (LTRT-41760 section 2). */
export class Access {
  readonly #device: Device;
  readonly #lockout: Lockout;
  /** Passwords of users whose row holds an obscured form that another device made. */
  readonly #remembered: Map<string, string>;
  readonly #failures = new Map<string, { count: number; lockedUntil: number }>();

  constructor(device: Device, users: readonly SimulatorUser[], lockout: Lockout) {
    this.#device = device;
    this.#lockout = lockout;
    this.#remembered = new Map(users.map((user) => [user.username, user.password]));
  }

  /** The privilege code of the user who asks; undefined is a 401. A request without credentials is no attempt. */
  levelOf(authorization: string | undefined): number | undefined {
    const credentials = readBasic(authorization);
    if (!credentials) return undefined;
    const { username, password } = credentials;
    const failures = this.#failures.get(username) ?? { count: 0, lockedUntil: 0 };
    if (this.#device.now < failures.lockedUntil) return undefined;
    const index = userIndex(this.#device.running, username);
    if (index !== undefined && this.#passwordOf(username, index) === password) {
      this.#failures.delete(username);
      this.#remembered.set(username, password);
      return Number(this.#device.running.cell("WebUsers", index, "UserLevel"));
    }
    const count = failures.count + 1;
    const locked = count >= this.#lockout.attempts;
    this.#failures.set(username, {
      count: locked ? 0 : count,
      lockedUntil: locked ? this.#device.now + this.#lockout.seconds * 1000 : 0,
    });
    return undefined;
  }

  #passwordOf(username: string, index: string): string | undefined {
    const password = this.#device.running.cell("WebUsers", index, "Password");
    return password !== undefined && isForeign(password) ? this.#remembered.get(username) : password;
  }
}

/** Whether a user with this code may use what needs that level (REST API of version 7.4, "User Privilege Levels"). */
export function permits(code: number, needed: UserLevel): boolean {
  return code >= LEVEL_CODES[needed];
}

function readBasic(authorization: string | undefined): { username: string; password: string } | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
