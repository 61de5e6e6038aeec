/** What of a device one resource of a run declares alone, by device and name of the thing. */
const claims = new Map<string, string>();

/**
 * Claims a thing of a device for a resource. The engine checks all resources of a run in one process, so that two
 * that want the same thing are found before anything is sent.
 *
 * @returns the resource that has claimed it before, undefined where it was free
 */
export function claim(device: string, thing: string, resource: string): string | undefined {
  const key = JSON.stringify([device, thing]);
  const owner = claims.get(key);
  if (owner === undefined) claims.set(key, resource);
  return owner === resource ? undefined : owner;
}
