import { sep } from "node:path";
import type { dynamic } from "@pulumi/pulumi";

/*
 * The SDK names a module by its path below the first node_modules. Under pnpm, or below another package, that path
 * is one of this very version and install, which later ones cannot resolve. A copy is no module: of it the SDK
 * stores the text of its methods.
 */
const [, below = ""] = __dirname.split(/[\\/]node_modules[\\/](.*)/s);
const isNamedByPackage = below.startsWith(`pulumi-mediant${sep}`);

/** A thunk in the form that any later install can run from a state. */
export function storable(thunk: dynamic.ResourceProvider): dynamic.ResourceProvider {
  return isNamedByPackage ? thunk : { ...thunk };
}
