/**
 * This is not Pulumi, and no substitute for it: no plans, policies, imports, aliases, transforms, hooks or plugins,
 * no backend, no lock. It is what tests and the demo need to run a program of dynamic resources with nothing but npm.
 *
 * It serves the two gRPC services that Pulumi's Node SDK talks to, runs the SDK's own program runner and dynamic provider
 * unmodified, and keeps the state in a JSON file. Which method is called when, with what, and what comes of it follows
 * Pulumi 3.260; the tests in this folder compare both where a real `pulumi` is on PATH.
 */
export {
  availableEngines,
  type Engine,
  type EngineKind,
  openEngine,
  quickEngines,
  type RunOptions,
  type RunResult,
  withProcesses,
} from "./engines";
