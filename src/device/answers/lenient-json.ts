/** What the device said in an answer's body. */
export interface DeviceAnswerText {
  /** The device's own sentence. */
  description?: string;
  /** The members of the JSON object; empty if it was none. A list stands under `items`. */
  fields: Record<string, unknown>;
  /** Strings that stand in the object without a name, as the manual's incremental CLI answer has them. Section 6.2.2. */
  bare: string[];
}

/** No answer is nested as deep; whoever walks through a deeper one could exhaust the stack. */
const DEEPEST = 64;

/**
 * Reads an answer's body. Devices return invalid JSON: a comma too much or too little, line breaks inside
 * strings, a closing quote left out, strings without a name (LTRT-41760 sections 4, 5.1, 6, 6.2.2, 9, 10).
 * Text that is no JSON at all is the description. Never throws.
 */
export function parseAnswer(body: Buffer | string): DeviceAnswerText {
  const text = (typeof body === "string" ? body : decode(body)).replace(/^\uFEFF/, "").trim();
  if (text === "") return { fields: {}, bare: [] };
  if (!/^[{[]/.test(text)) return { description: plainText(text), fields: {}, bare: [] };
  const bare: string[] = [];
  const strict = parseStrictly(text);
  const value = strict === undefined || isTooDeep(strict) ? new LenientJson(text, bare).value(0) : strict;
  const object = Array.isArray(value) ? { items: value } : value;
  const fields = isRecord(object) ? object : {};
  const described = fields["description"];
  return { description: typeof described === "string" ? described : bare[0], fields, bare };
}

function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Looks level by level: the stack does not grow with the depth. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap((one) => (isRecord(one) ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** UTF-8, or ISO-8859-1 if it is not that. */
function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return body.toString("latin1");
  }
}

/** Web servers answer with a page where the API would answer with text; its words are what matters. */
function plainText(text: string): string | undefined {
  if (!text.startsWith("<")) return text;
  return (
    text
      .replace(/<[^<>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim() || undefined
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** As JSON writes it. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const CONSTANTS = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Reads JSON as it was meant. Commas and colons only separate; what cannot be read is passed over. */
class LenientJson {
  #at = 0;
  #endsWithLine = false;

  constructor(
    private readonly text: string,
    private readonly bare: string[],
  ) {}

  value(depth: number): unknown {
    this.#skip();
    if (depth > DEEPEST) this.#at = this.text.length;
    const sign = this.text[this.#at];
    if (sign === "{") return this.#object(depth);
    if (sign === "[") return this.#list(depth);
    return sign === '"' ? this.#string() : this.#word();
  }

  #object(depth: number): Record<string, unknown> {
    const members: [string, unknown][] = [];
    this.#at++;
    while (this.#more("}")) {
      const name = this.value(depth + 1);
      this.#skip();
      if (this.text[this.#at] === ":") {
        this.#at++;
        const value = this.value(depth + 1);
        if (typeof name === "string") members.push([name, value]);
      } else if (depth === 0 && typeof name === "string") {
        this.bare.push(name);
      }
    }
    return Object.fromEntries(members);
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    while (this.#more("]")) items.push(this.value(depth + 1));
    return items;
  }

  /** Whether another member comes; passes over the end if none does, and over what can begin none. */
  #more(end: "}" | "]"): boolean {
    this.#skip();
    while (this.#at < this.text.length && /[,:]/.test(this.text[this.#at] ?? "")) {
      this.#at++;
      this.#skip();
    }
    if (this.#at >= this.text.length) return false;
    const sign = this.text[this.#at];
    if (sign !== "}" && sign !== "]") return true;
    // The wrong bracket ends this level too, and is left for the level that it belongs to.
    if (sign === end) this.#at++;
    return false;
  }

  #string(): string {
    const from = ++this.#at;
    let value = "";
    while (this.#at < this.text.length) {
      const sign = this.text[this.#at++] ?? "";
      if (sign === '"') return value;
      if (this.#endsWithLine && /[\r\n]/.test(sign)) return value.trim();
      value += sign === "\\" ? this.#escape() : sign;
    }
    if (this.#endsWithLine) return value.trim();
    // No closing quote up to the end: from here on a string ends with its line at the latest.
    this.#endsWithLine = true;
    this.#at = from - 1;
    return this.#string();
  }

  #escape(): string {
    const sign = this.text[this.#at++] ?? "";
    const code =
      sign === "u" ? /^[0-9a-fA-F]{4}/.exec(this.text.slice(this.#at, this.#at + 4))?.[0] : undefined;
    if (code !== undefined) {
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    return { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[sign] ?? sign;
  }

  /** A number, true, false, null, or a word that lacks its quotes. */
  #word(): unknown {
    const from = this.#at;
    while (this.#at < this.text.length && !/[\s,:{}[\]"]/.test(this.text[this.#at] ?? "")) this.#at++;
    const word = this.text.slice(from, this.#at);
    if (NUMBER.test(word)) return Number(word);
    const constant = CONSTANTS.get(word);
    return constant === undefined ? word : constant;
  }

  #skip(): void {
    while (/\s/.test(this.text[this.#at] ?? "")) this.#at++;
  }
}
