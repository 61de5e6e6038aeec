import type { dynamic } from "@pulumi/pulumi";
import * as incrementalIni from "./reconcile/incremental-ini-config";

/*
 * What the thunks require, by the name `pulumi-mediant/provider`: the permanent entry. States written by any
 * version call these functions and their six methods, so none is ever renamed or given other arguments.
 */

/** The life of `IncrementalIniConfig`. */
export function incrementalIniConfig(): Required<Omit<dynamic.ResourceProvider, "configure">> {
  return life({
    check: async (_olds, news) => incrementalIni.check(news),
    diff: async (id, olds, news) => incrementalIni.diff(id, olds, news),
    create: (inputs) => incrementalIni.create(inputs),
    read: (id, props) => incrementalIni.read(id, props),
    update: (id, olds, news) => incrementalIni.update(id, olds, news),
    delete: (id, props) => incrementalIni.remove(id, props),
  });
}

type Life = Required<Omit<dynamic.ResourceProvider, "configure">>;

/** The SDK prints an error and then its stack beside it; the message says all that a user can act on. */
function life(methods: Life): Life {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (method as (...args: unknown[]) => Promise<unknown>)(...args);
        } catch (error) {
          if (error instanceof Error && "code" in error) error.stack = "";
          throw error;
        }
      },
    ]),
  ) as unknown as Life;
}
