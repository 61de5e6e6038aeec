import { safeLines } from "../../text/describe";

/**
 * The SDK prints an error and then its stack beside it; the message says all that a user can act on, and nothing that
 * is secret by its look.
 */
export function withoutStacks<Methods extends object>(methods: Methods): Methods {
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
        }
      },
    ]),
  ) as Methods;
}
