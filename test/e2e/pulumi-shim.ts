/**
 * The few commands of `pulumi` that the workflows of examples/gitops use, on the inline engine inside the test's process:
 * a script that stands for `pulumi` on PATH asks for them. An option that is not known is an error.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { runEngine } from "../engine/engine";
import { inlineFile } from "./inline-program";

/** What a process was started with. */
interface Command {
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** Sends the command that it was started as, prints the answer, and ends as the command did. */
const CLIENT = `
const { argv, env } = process;
const body = JSON.stringify({ args: argv.slice(1), cwd: process.cwd(), env });
const request = require("node:http").request("URL", { method: "POST" }, (answer) => {
  answer.pipe(process.stdout);
  answer.on("end", () => { process.exitCode = Number(answer.trailers["exit-code"] ?? 255); });
});
request.end(body);
`;

/** @returns the line of a shell script that stands for `pulumi` until the test ends; the state is kept in that file */
export async function serveShim(t: TestContext, state: string): Promise<string> {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, answer) => {
    const command = JSON.parse(await text(request)) as Command;
    answer.writeHead(200, { trailer: "exit-code" });
    // The folder and the environment are those of the whole process.
    last = last.then(async () => {
      const exitCode = await run(command, state, (printed) => void answer.write(printed));
      answer.addTrailers({ "exit-code": String(exitCode) });
      answer.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return `exec '${process.execPath}' -e '${CLIENT.replace("URL", url)}' -- "$@"`;
}

async function run(
  { args, cwd, env }: Command,
  state: string,
  print: (text: string) => void,
): Promise<number> {
  const [folder, surroundings] = [process.cwd(), process.env];
  process.chdir(cwd);
  process.env = env;
  try {
    return await runCommand(args, cwd, state, print);
  } catch (error) {
    print(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 255;
  } finally {
    process.env = surroundings;
    process.chdir(folder);
  }
}

async function runCommand(
  args: string[],
  cwd: string,
  state: string,
  print: (text: string) => void,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      refresh: { type: "boolean" },
      diff: { type: "boolean" },
      json: { type: "boolean" },
      yes: { type: "boolean" },
      "expect-no-changes": { type: "boolean" },
      "non-interactive": { type: "boolean" },
      color: { type: "string" },
    },
  });
  const [operation, ...others] = positionals;
  if (positionals.join(" ") === "config get mediant:devices") {
    print(`${settingsOf(stackName())["mediant:devices"]}\n`);
    return 0;
  }
  if ((operation !== "preview" && operation !== "up") || others.length > 0) {
    throw new Error(`no such command: ${positionals.join(" ")}`);
  }
  const stack = stackName();
  const { exitCode, digest } = await runEngine({
    ...{ operation, stack, cwd, state },
    inline: inlineFile(join(cwd, "index.ts")),
    config: settingsOf(stack),
    refresh: values.refresh,
    expectNoChanges: values["expect-no-changes"],
    detailed: values.diff,
    preview: true,
    onText: (printed) => void (values.json ? undefined : print(printed)),
  });
  if (values.json) print(`${JSON.stringify(digest(), undefined, 2)}\n`);
  return exitCode;
}

/** The stack's configuration; objects are JSON, as the CLI prints them. */
function settingsOf(stack: string): Record<string, string> {
  const { config = {} } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
    config?: Record<string, unknown>;
  };
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts);
}

function stackName(): string {
  const stack = process.env["PULUMI_STACK"];
  if (stack === undefined) throw new Error("$PULUMI_STACK is not set");
  return stack;
}
