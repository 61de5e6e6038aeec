import { createHash } from "node:crypto";
import type { DeviceError } from "../errors";
import { type Device, Slot } from "../shared/device";
import type { Failure } from "./failures";

/** The gates of a device, by user name and password. */
const GATES = new Slot(() => new Map<string, CredentialGate>());

/** What came of one attempt: an answer of any status, or none. */
export type Attempt<T> = { status: number; answer: T } | { status?: number; failure: Failure };

/**
 * One user name and password at one origin, for the life of the process. Devices lock an account after a few
 * failed logins, so the first 401 closes the gate, and until the credential was accepted once, one request is out at a time.
 */
export class CredentialGate {
  #accepted = false;
  #refusal: DeviceError | undefined;
  #trial: Promise<Failure | undefined> | undefined;

  /** The gate of one user name and password at a device. */
  static at(device: Device, username: string, password: string): CredentialGate {
    const gates = device.recall(GATES);
    const key = createHash("sha256")
      .update(JSON.stringify([username, password]))
      .digest("base64");
    const gate = gates.get(key) ?? new CredentialGate();
    gates.set(key, gate);
    return gate;
  }

  /** From now on everything fails with this error, or with the one that closed the gate before; which one is returned. */
  close(refusal: DeviceError): DeviceError {
    this.#refusal ??= refusal;
    return this.#refusal;
  }

  /**
   * Sends when this may be sent.
   * @throws the error of the first 401, with nothing sent
   */
  async pass<T>(send: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
    for (;;) {
      if (this.#refusal !== undefined) throw this.#refusal;
      if (this.#accepted) return send();
      if (this.#trial === undefined) return this.#try(send);
      const failure = await this.#trial;
      // No answer to the one is no answer to those behind it: they need not find out one after the other.
      if (failure !== undefined) {
        return { failure: { ...failure, kind: failure.kind === "permanent" ? "permanent" : "notSent" } };
      }
    }
  }

  #try<T>(send: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
    const attempt = send()
      .then((done) => {
        this.#accepted ||= done.status !== undefined && accepts(done.status);
        return done;
      })
      .finally(() => {
        this.#trial = undefined;
      });
    this.#trial = attempt.then(
      (done) => ("failure" in done && done.status === undefined ? done.failure : undefined),
      () => undefined,
    );
    return attempt;
  }
}

/** Whether the status shows that the credential was accepted; a redirect or a failure says nothing of it. */
function accepts(status: number): boolean {
  return status !== 401 && (status < 300 || (status >= 400 && status < 500));
}
