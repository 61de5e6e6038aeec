/**
 * The state file: the resources of a stack as JSON, in the form of `pulumi stack export`, secrets encrypted.
 * It is written whole, to a neighbour that then takes its place: a process killed at any moment leaves a readable file.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID, scryptSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  decode,
  encodeMap,
  type Json,
  mapValues,
  type PropertyMap,
  SECRET_SIGNATURE,
  Secret,
  SIGNATURE_KEY,
} from "./values";

/** A resource as the engine last knew it. */
export interface ResourceState {
  urn: string;
  type: string;
  /** False for components and the stack itself: they have no provider and no id. */
  custom: boolean;
  id?: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  /** `<urn>::<id>` of the provider that manages it. */
  provider?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  additionalSecretOutputs: string[];
  ignoreChanges: string[];
  /** Why the last create or update counts as half done; the next update then runs without a difference too. */
  initErrors: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith?: string;
  /** Read by its id, never changed or deleted. */
  external?: boolean;
  /** Replaced already, still to be deleted. */
  delete?: boolean;
  /** Deleted already, still to be created again. */
  pendingReplacement?: boolean;
  created?: string;
  modified?: string;
}

export type OperationType = "creating" | "updating" | "deleting" | "reading";
export interface PendingOperation {
  resource: ResourceState;
  type: OperationType;
}
export interface StoredState {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

class StateError extends Error {
  override readonly name = "StateError";
}

export class StateFile {
  private constructor(
    private readonly path: string,
    private readonly crypter: Crypter,
    readonly stored: StoredState,
  ) {}

  /**
   * Opens a state file, or a state that is to be written there.
   * @throws StateError where it cannot be read with this passphrase
   */
  static open(path: string, passphrase: string): StateFile {
    if (!existsSync(path))
      return new StateFile(path, new Crypter(passphrase), { resources: [], pendingOperations: [] });
    const { deployment } = JSON.parse(readFileSync(path, "utf8")) as StoredFile;
    const crypter = new Crypter(passphrase, deployment.secrets_providers.state.salt);
    return new StateFile(path, crypter, {
      resources: deployment.resources.map((resource) => crypter.readResource(resource)),
      pendingOperations: (deployment.pending_operations ?? []).map(({ resource, type }) => ({
        resource: crypter.readResource(resource),
        type,
      })),
    });
  }

  write({ resources, pendingOperations }: StoredState): void {
    const file: StoredFile = {
      version: 3,
      deployment: {
        manifest: { time: new Date().toISOString(), magic: "", version: "in-process" },
        secrets_providers: { type: "passphrase", state: { salt: this.crypter.salt } },
        resources: resources.map((resource) => this.crypter.writeResource(resource)),
        ...(pendingOperations.length > 0 && {
          pending_operations: pendingOperations.map(({ resource, type }) => ({
            resource: this.crypter.writeResource(resource),
            type,
          })),
        }),
        metadata: {},
      },
    };
    mkdirSync(dirname(this.path), { recursive: true });
    const neighbour = `${this.path}.${randomUUID()}`;
    writeFileSync(neighbour, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(neighbour, this.path);
  }
}

type StoredResource = { [name: string]: Json };
interface StoredFile {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers: { type: "passphrase"; state: { salt: string } };
    resources: StoredResource[];
    pending_operations?: { resource: StoredResource; type: OperationType }[];
    metadata: Record<string, never>;
  };
}

/** Less than what is asked for today: each stack has a key of its own, and its secrets are made up. */
const COST = { N: 1024 };

/** Keys by passphrase and seed: to make one is slow by intent, and each run opens its state. */
const keys = new Map<string, Buffer>();

function keyOf(passphrase: string, seed: string): Buffer {
  const name = JSON.stringify([passphrase, seed]);
  const key = keys.get(name) ?? scryptSync(passphrase, Buffer.from(seed, "base64"), 32, COST);
  keys.set(name, key);
  return key;
}

/** Encrypts with AES-256-GCM under a key made of the passphrase; the salt carries a known word, to tell a wrong passphrase. */
class Crypter {
  readonly salt: string;
  private readonly key: Buffer;
  /** Maps are never changed, and each write of the state has most of them again. */
  private readonly sealed = new WeakMap<PropertyMap, Json>();

  constructor(passphrase: string, salt?: string) {
    const [, seed = randomBytes(16).toString("base64"), ...check] = salt?.split(":") ?? [];
    this.key = keyOf(passphrase, seed);
    this.salt = salt ?? `v1:${seed}:${this.encrypt("pulumi")}`;
    if (salt === undefined) return;
    try {
      this.decrypt(check.join(":"));
    } catch {
      throw new StateError("the passphrase is not the one the state was encrypted with");
    }
  }

  writeResource(resource: ResourceState): StoredResource {
    const { inputs, outputs, ...rest } = resource;
    const stored = { ...rest, inputs: this.seal(inputs), outputs: this.seal(outputs) };
    return Object.fromEntries(
      Object.entries(stored).filter(([name, value]) => name === "custom" || !isEmpty(value)),
    );
  }

  readResource(stored: StoredResource): ResourceState {
    const { inputs, outputs, ...rest } = stored as unknown as Partial<ResourceState> & {
      urn: string;
      type: string;
    };
    return {
      custom: false,
      dependencies: [],
      propertyDependencies: {},
      additionalSecretOutputs: [],
      ignoreChanges: [],
      initErrors: [],
      ...rest,
      inputs: mapValues(inputs ?? {}, (value) => this.unseal(value as Json)),
      outputs: mapValues(outputs ?? {}, (value) => this.unseal(value as Json)),
    };
  }

  private seal(map: PropertyMap): Json {
    const sealed =
      this.sealed.get(map) ??
      encodeMap(map, (plain) => ({
        [SIGNATURE_KEY]: SECRET_SIGNATURE,
        ciphertext: this.encrypt(JSON.stringify(plain)),
      }));
    this.sealed.set(map, sealed);
    return sealed;
  }

  private unseal(json: Json): PropertyMap[string] {
    if (Array.isArray(json)) return json.map((element) => this.unseal(element));
    if (typeof json !== "object" || json === null) return decode(json);
    if (json[SIGNATURE_KEY] !== SECRET_SIGNATURE) return mapValues(json, (value) => this.unseal(value));
    return new Secret(decode(JSON.parse(this.decrypt(String(json["ciphertext"])))));
  }

  private encrypt(plain: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  }

  private decrypt(text: string): string {
    const [, nonce = "", sealed = ""] = text.split(":");
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false || value === "") return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
