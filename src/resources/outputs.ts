import * as pulumi from "@pulumi/pulumi";

/** Whether the value of an output is there; in a preview it may come only with the update. */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  // The SDK has it on every output and leaves it out of the types.
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

/** The value of an output that is known; a plain object may have outputs in it. */
export async function settledValue<T>(output: pulumi.Output<T>): Promise<T> {
  // In a box: a promise that resolves to an output would wait for it in turn.
  const { value } = await new Promise<{ value: unknown }>((resolve) => {
    output.apply((value) => resolve({ value }));
  });
  return value as T;
}

export function isLate(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
