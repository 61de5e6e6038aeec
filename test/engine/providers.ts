/** The provider processes of a run: one for each configuration that is in use, started when first needed. */

import { InlineProvider, type OpenProvider } from "./inline";
import type { Project } from "./project";
import { type Provider, ProviderProcess, type Surroundings } from "./provider";
import type { ResourceState } from "./state";
import { encodeMap, type PropertyMap } from "./values";

export const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

export function isProvider(resource: ResourceState): boolean {
  return resource.type === PROVIDER_TYPE;
}

export function referenceTo(provider: ResourceState): string {
  return `${provider.urn}::${provider.id}`;
}

export class Providers {
  private readonly configs = new Map<string, PropertyMap>();
  private readonly processes = new Map<string, Promise<Provider>>();

  constructor(
    private readonly project: Project,
    private readonly surroundings: Surroundings,
    /** Makes providers in this process. */
    private readonly inline?: OpenProvider,
  ) {}

  /**
   * Says with which configuration a provider runs from now on. A refresh and a destroy know the stored one only: the
   * stack's own comes into play when the program registers its first resource, in a process of its own where it differs.
   */
  configure(provider: ResourceState): void {
    this.configs.set(referenceTo(provider), provider.inputs);
  }

  /** The process that manages a resource. */
  of(resource: ResourceState): Promise<Provider> {
    const config = this.configs.get(resource.provider ?? "") ?? {};
    const key = JSON.stringify(encodeMap(config));
    const process = this.processes.get(key) ?? this.start(config);
    this.processes.set(key, process);
    return process;
  }

  private async start(config: PropertyMap): Promise<Provider> {
    return this.inline === undefined
      ? ProviderProcess.start(this.project, config, this.surroundings)
      : new InlineProvider(
          this.inline(encodeMap(config) as Record<string, string>),
          this.surroundings.onLine,
        );
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.processes.values()].map(async (process) => (await process).stop()));
  }
}
