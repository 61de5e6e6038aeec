import * as pulumi from "@pulumi/pulumi";

/**
 * An error for the user of a program: the SDK prints its message alone. It carries no stack: Node can take half a
 * minute to prepare one that runs through the SDK's source maps, and none of its frames would help.
 */
export function runError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  error.stack = "";
  return error;
}
