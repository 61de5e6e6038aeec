/**
 * `pulumi-mediant/inventory`: the devices of a fleet, from a YAML or JSON file: sites, roles, values of each device,
 * the firmware, what is frozen, and when changes are allowed. It holds no secrets.
 *
 * @packageDocumentation
 */
export type { HealthChecks, MonitorCheck, ShowCheck } from "../declare/checks";
export type { DeviceSettings, TimeoutSettings, TlsSettings } from "../declare/device";
export {
  type Day,
  type GoldenFile,
  type Inventory,
  type InventoryDevice,
  InventoryError,
  type InventoryProblem,
  type InventoryRole,
  type InventoryValue,
  type Rollout,
  type Severity,
  type Waiver,
  type Window,
} from "./form";
export { parseInventory } from "./parse";
export { type FilledValues, fillValues } from "./values";
export { heldBack, isOpen, windowText } from "./window";
