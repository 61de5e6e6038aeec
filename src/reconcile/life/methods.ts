import { safeLines } from "../../text/describe";
import type { Life } from "./life";

/** The six methods of a life as the engine's protocol has them: each answers later, and prints no stack. */
export type Methods<Inputs, State> = {
  [Name in Exclude<keyof Life<Inputs, State>, "remove">]: (
    ...args: Parameters<Life<Inputs, State>[Name]>
  ) => Promise<Awaited<ReturnType<Life<Inputs, State>[Name]>>>;
} & { delete: Life<Inputs, State>["remove"] };

/** @param settled what an answer waits for: that all lines of the log are out */
export function methodsOf<Inputs, State>(
  life: Life<Inputs, State>,
  settled: () => Promise<void> | undefined = () => undefined,
): Methods<Inputs, State> {
  return asEntry<Methods<Inputs, State>>(settled, {
    check: async (olds, news) => life.check(olds, news),
    diff: async (id, olds, news) => life.diff(id, olds, news),
    create: (inputs) => life.create(inputs),
    read: (id, props) => life.read(id, props),
    update: (id, olds, news) => life.update(id, olds, news),
    delete: (id, props) => life.remove(id, props),
  });
}

/**
 * The SDK prints an error and then its stack beside it; the message says all that a user can act on, and nothing that
 * is secret by its look.
 */
function asEntry<Methods extends object>(
  settled: () => Promise<void> | undefined,
  methods: Methods,
): Methods {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (method as (...args: unknown[]) => Promise<unknown>)(...args);
        } catch (error) {
          if (error instanceof Error) error.message = safeLines(error.message);
          if (error instanceof Error && "code" in error) error.stack = "";
          throw error;
        } finally {
          await settled();
        }
      },
    ]),
  ) as Methods;
}
