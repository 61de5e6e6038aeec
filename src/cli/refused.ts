import type { Place } from "./errors";
import { type Line, placesOf } from "./lines";
import type { CliNode, CliTree } from "./tree";

/** A line that a script sent through the REST API cannot run. */
export interface RefusedCommand extends Place {
  /** Lower case: `copy`. */
  command: string;
  /** One sentence: why, and what to use instead. */
  why: string;
  /** The same with the place. */
  message: string;
}

interface Reason {
  why: string;
  instead: string;
  /** Whether no setting of this name exists, so that the word is the action in every mode. */
  everywhere?: boolean;
}

const LONG = "is one of the long commands that a device refuses in a script";
const AGAIN = "is no configuration: it would run again at each apply";
const SESSION = "belongs to a terminal session, which the API does not have";
const ASKS = "asks for confirmation, and nobody can answer";
const SAVES = "saves to flash before what the device took is read back";
const RESETS = "resets the device before what it took is read back and saved";

/** Interactive and long actions. The incremental CLI script takes configuration and queries. LTRT-41760 section 6.2.2. */
const REASONS: Readonly<Record<string, Reason>> = {
  copy: {
    why: "moves files, which the device refuses to do in a script",
    instead: "upload with SoftwareLoad or AuxiliaryFile, or let the device fetch with `automatic-update`",
    everywhere: true,
  },
  reload: { why: RESETS, instead: "use DeviceReset", everywhere: true },
  reset: { why: RESETS, instead: "use DeviceReset" },
  write: {
    why: SAVES,
    instead: "leave it out: the resource saves, or SavedConfiguration does",
    everywhere: true,
  },
  wr: {
    why: SAVES,
    instead: "leave it out: the resource saves, or SavedConfiguration does",
    everywhere: true,
  },
  ping: { why: LONG, instead: "run it in a terminal", everywhere: true },
  traceroute: { why: LONG, instead: "run it in a terminal", everywhere: true },
  nslookup: { why: LONG, instead: "run it in a terminal" },
  debug: { why: AGAIN, instead: "run it in a terminal, or configure `troubleshoot`" },
  telnet: { why: SESSION, instead: "run it in a terminal" },
  ssh: { why: SESSION, instead: "run it in a terminal" },
  enable: { why: ASKS, instead: "leave it out: a script runs privileged" },
  disable: { why: SESSION, instead: "leave it out" },
  login: { why: SESSION, instead: "leave it out" },
  quit: { why: SESSION, instead: "leave it out" },
  erase: { why: ASKS, instead: "declare what is to remain with FullIniConfig" },
  clear: { why: "discards data at each apply", instead: "run it in a terminal" },
  admin: { why: AGAIN, instead: "run it in a terminal" },
};

/** Whether a line that begins with this word, in lower case, can be an action. */
export function mayBeCommand(word: string): boolean {
  return word === "do" || Object.hasOwn(REASONS, word);
}

/** The name of the action that a line is; undefined if it is something else. */
export function commandOf(line: Line, insideMode: boolean): string | undefined {
  const [first, second] = placesOf(line);
  const viaDo = insideMode && first?.text.toLowerCase() === "do" && second !== undefined;
  const word = viaDo ? second : first;
  if (word?.quoted !== false) return undefined;
  const name = word.text.toLowerCase();
  const reason = Object.hasOwn(REASONS, name) ? REASONS[name] : undefined;
  return reason !== undefined && (viaDo || !insideMode || reason.everywhere === true) ? name : undefined;
}

/** Every interactive or long command of a script, in the order of the text; empty for one that can be sent. */
export function refusedCommands(tree: CliTree): RefusedCommand[] {
  const found: RefusedCommand[] = [];
  const visit = (nodes: readonly CliNode[]): void => {
    for (const node of nodes) {
      if (node.kind === "submode") visit(node.children);
      if (node.kind !== "command") continue;
      const place = { line: node.line.number, column: node.line.column };
      const why = reasonFor(node.name);
      const message = `script line ${place.line}, column ${place.column}: ${why}`;
      found.push({ command: node.name, why, message, ...place });
    }
  };
  visit(tree.nodes);
  return found;
}

function reasonFor(name: string): string {
  const { why, instead } = REASONS[name] as Reason;
  return `\`${name}\` ${why}: ${instead}`;
}
