#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { simulateCommand } from "./simulate";

const manifest: { version: string } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
);

new Command("pulumi-mediant")
  .description("Tools beside the pulumi-mediant resources")
  .version(manifest.version)
  .addCommand(simulateCommand())
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`pulumi-mediant: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
