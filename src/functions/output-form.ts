import * as pulumi from "@pulumi/pulumi";
import { settledResources } from "./settled-resources";

/** The arguments of a function as its Output form takes them: each may be known only later. */
export type OutputArgs<Args> = { [Name in keyof Args]: pulumi.Input<Args[Name]> };

/**
 * What the Output forms of all functions have in common: they wait for their arguments and for `opts.dependsOn`, as
 * the SDK's own functions do. In a preview that creates one of those resources the answer is unknown.
 */
export function outputForm<Args extends object, Result>(
  call: (args: Args) => Promise<Result>,
  args: OutputArgs<Args>,
  { dependsOn }: pulumi.InvokeOutputOptions = {},
): pulumi.Output<Result> {
  return pulumi
    .all([pulumi.output(args), settledResources(dependsOn)])
    .apply(([known]) => call(known as Args)) as pulumi.Output<Result>;
}
