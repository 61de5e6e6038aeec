/** A room whose tests are judged: what is changed, and the pure tests that should notice. */
export interface Room {
  name: string;
  sources: readonly string[];
  tests: readonly string[];
}

/** Folders mean all files in them; tests of time are left out, for they count steps and take most of it. */
export const ROOMS: readonly Room[] = [
  { name: "ini", sources: ["src/ini"], tests: ["test/ini"] },
  { name: "cli", sources: ["src/cli"], tests: ["test/cli"] },
  { name: "text", sources: ["src/text"], tests: ["test/text", "test/hostile/break-out.test.ts"] },
  { name: "declare", sources: ["src/declare"], tests: ["test/declare"] },
  {
    name: "reconcile",
    sources: [
      "src/reconcile/ini/plan",
      "src/reconcile/ini/verify.ts",
      "src/reconcile/cli/verify.ts",
      "src/reconcile/software/plan.ts",
      "src/reconcile/license/order.ts",
      "src/reconcile/health/verdict.ts",
    ],
    tests: ["test/reconcile"],
  },
  { name: "retry", sources: ["src/device/http/retry.ts"], tests: ["test/device/retry.test.ts"] },
];

export const LEFT_OUT = /linear/;
