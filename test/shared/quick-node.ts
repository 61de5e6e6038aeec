import { join } from "node:path";

/** Arguments of Node with which it runs our TypeScript, and loads the SDK in half the time. */
export const QUICK_START = ["--require", join(__dirname, "quick-start.cjs")] as const;
