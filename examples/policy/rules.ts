import { isOpen } from "pulumi-mediant/inventory";

/** What a policy is told of a resource; `ResourceValidationArgs` of `@pulumi/policy` has it and more. */
export interface Told {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a resource of any type
  props: Record<string, any>;
  getConfig<T extends object>(): T;
}

type Report = (message: string) => void;

/** As `ResourceValidationPolicy` of `@pulumi/policy` has it. */
interface Policy {
  name: string;
  description: string;
  configSchema?: {
    properties: Record<
      string,
      { type: "string" } | { type: "array"; items: { type: "string"; enum?: string[] } }
    >;
  };
  validateResource: (told: Told, report: Report) => void;
}

/** How Pulumi calls the type of each resource of pulumi-mediant. */
const TOKEN = "pulumi-nodejs:dynamic/mediant:";

/** Calls a rule for resources of these types only; without any, for all of pulumi-mediant. */
function of(types: readonly string[], rule: (told: Told, report: Report) => void) {
  return (told: Told, report: Report): void => {
    if (!told.type.startsWith(TOKEN)) return;
    if (types.length === 0 || types.includes(told.type.slice(TOKEN.length))) rule(told, report);
  };
}

interface WindowConfig {
  days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  from?: string;
  to?: string;
  timeZone?: string;
}

const EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Whether whole configurations may be loaded now: never if no window is configured. */
export function isInWindow({ days, from, to, timeZone = "UTC" }: WindowConfig, now: Date): boolean {
  if (from === undefined || to === undefined) return false;
  return isOpen({ days: days ?? EVERY_DAY, from: minutesOf(from), to: minutesOf(to), timeZone }, now);
}

function minutesOf(time: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = time.split(":").map(Number);
  const sum = hours * 60 + minutes;
  if (!(sum >= 0 && sum <= 1440)) throw new Error(`${time} is no time such as 22:00`);
  return sum;
}

const LOOPBACK = /^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/i;

export const policies: Policy[] = [
  {
    name: "no-plain-http",
    description: "Devices are reached by https:// alone: http:// shows the password to the network.",
    validateResource: of([], ({ props: { device } }, report) => {
      const url = String(device?.url ?? "");
      if (device?.allowHttp === true) report("device.allowHttp: reach the device by https://");
      else if (/^http:/i.test(url) && !LOOPBACK.test(url)) report("device.url: reach the device by https://");
    }),
  },
  {
    name: "no-unchecked-certificate",
    description: "The certificate of a device is checked: by an authority or by its fingerprint.",
    validateResource: of([], ({ props: { device } }, report) => {
      if (device?.tls?.insecureSkipVerify === true)
        report("device.tls.insecureSkipVerify: name tls.fingerprint256 or tls.ca instead");
    }),
  },
  {
    name: "confirm-required",
    description: "A change is watched, and put back if the device is not healthy afterwards.",
    validateResource: of(["IncrementalIniConfig", "CliScriptConfig"], ({ props: { confirm } }, report) => {
      if (typeof confirm !== "object" || confirm === null) report("confirm: say which checks must hold");
    }),
  },
  {
    name: "whole-configuration-in-window",
    description: "A whole configuration resets the device, so a stack with one runs in its window only.",
    configSchema: {
      properties: {
        days: { type: "array", items: { type: "string", enum: [...EVERY_DAY] } },
        from: { type: "string" },
        to: { type: "string" },
        timeZone: { type: "string" },
      },
    },
    validateResource: of(["FullIniConfig", "FullCliScriptConfig"], ({ getConfig }, report) => {
      if (!isInWindow(getConfig<WindowConfig>(), new Date())) report("is outside of the window");
    }),
  },
  {
    name: "known-versions",
    description: "Software is one of the versions that were tried.",
    configSchema: {
      properties: { versions: { type: "array", items: { type: "string" } } },
    },
    validateResource: of(["SoftwareLoad"], ({ props: { version }, getConfig }, report) => {
      const { versions = [] } = getConfig<{ versions?: string[] }>();
      if (!versions.includes(version))
        report(
          `version: ${version} is none of those that were tried (${versions.join(", ") || "none is configured"})`,
        );
    }),
  },
];
