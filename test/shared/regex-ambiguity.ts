/*
 * Tells whether a regular expression can go back so often that its time grows faster than the text. It can exactly
 * where two ways lead from one place of the pattern over the same characters, each to a loop of its own (Weber and
 * Seidl, "On the degree of ambiguity of finite automata": the conditions IDA and EDA). The places are the pattern's
 * character atoms, as in Glushkov's automaton. A loop in which the pattern has matched already is harmless: nothing
 * fails there, so nothing is tried again.
 */

interface Edge {
  /** Undefined: nothing is read. */
  atom: number | undefined;
  to: number;
  /** What must hold at this place for the way to go on, as `$` and what is looked at ask for. */
  conditional?: true;
}

/** The characters by which atoms can differ in this project's patterns. */
const ALPHABET = [
  ...Array.from({ length: 0x180 }, (_, at) => String.fromCodePoint(at)),
  "\u2028",
  "\u2029",
  "\ufeff",
  "\u202e",
  "\u4e00",
];

class Automaton {
  readonly edges: Edge[][] = [[]];
  /** For each atom, the alphabet's members that it takes. */
  readonly atoms: Set<number>[] = [];
  private at = 0;
  private readonly end: number;

  constructor(private readonly pattern: RegExp) {
    this.end = this.alternatives(0);
    if (this.at < pattern.source.length) throw new Error(`cannot read ${pattern} from ${this.at} on`);
    // A pattern that may begin anywhere reads on from each character to the next.
    if (!pattern.source.startsWith("^")) this.edges[0]?.push({ atom: this.atom("[\\s\\S]"), to: 0 });
  }

  private get source(): string {
    return this.pattern.source;
  }

  private state(): number {
    return this.edges.push([]) - 1;
  }

  private skip(from: number, to: number): void {
    this.edges[from]?.push({ atom: undefined, to });
  }

  /** A way that is open under a condition only. */
  private condition(from: number): number {
    const to = this.state();
    this.edges[from]?.push({ atom: undefined, to, conditional: true });
    return to;
  }

  private atom(source: string): number {
    const one = new RegExp(`^(?:${source})$`, this.pattern.flags.replace(/[gy]/g, ""));
    const taken = ALPHABET.flatMap((character, at) => (one.test(character) ? [at] : []));
    return this.atoms.push(new Set(taken)) - 1;
  }

  private alternatives(from: number): number {
    const end = this.state();
    for (;;) {
      this.skip(this.sequence(from), end);
      if (this.source[this.at] !== "|") return end;
      this.at++;
    }
  }

  private sequence(from: number): number {
    let state = from;
    while (this.at < this.source.length && this.source[this.at] !== "|" && this.source[this.at] !== ")")
      state = this.quantified(state);
    return state;
  }

  private quantified(from: number): number {
    const begin = this.at;
    this.one(this.state()); // read once to find the quantifier behind it
    const [whole = "", sign, least, comma, most] =
      /^(?:([*+?])|\{(\d+)(,?)(\d*)\})?\??/.exec(this.source.slice(this.at)) ?? [];
    const behind = this.at + whole.length;
    const minimum = sign === undefined ? Number(least ?? 1) : sign === "+" ? 1 : 0;
    const unbounded = sign === "*" || sign === "+" || (comma === "," && most === "");
    const maximum = sign === "?" ? 1 : comma === "," ? Number(most) : minimum;
    const copy = (state: number) => {
      this.at = begin;
      return this.one(state);
    };
    let state = from;
    // `a+` is one place with a loop, as `a*` is: two copies would look like two ways.
    for (let n = unbounded ? 1 : 0; n < minimum; n++) state = copy(state);
    if (unbounded) {
      const loop = this.state();
      this.skip(state, loop);
      const again = copy(loop);
      this.skip(again, loop);
      const out = this.state();
      this.skip(minimum > 0 ? again : loop, out);
      state = out;
    } else {
      const out = this.state();
      for (let n = minimum; n < maximum; n++) {
        this.skip(state, out);
        state = copy(state);
      }
      this.skip(state, out);
      state = out;
    }
    this.at = behind;
    return state;
  }

  private one(from: number): number {
    const rest = this.source.slice(this.at);
    const group = /^\((?:\?(?::|<?[=!]|<\w+>))?/.exec(rest)?.[0];
    if (group !== undefined) {
      this.at += group.length;
      const begin = /[=!]$/.test(group) ? this.state() : from; // what is only looked at reads nothing
      const end = this.alternatives(begin);
      this.at++; // the parenthesis
      return begin === from ? end : this.condition(from);
    }
    const token =
      /^(?:\[(?:[^\]\\]|\\.)*\]|\\[pPu]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[\s\S])/.exec(
        rest,
      )?.[0] ?? "";
    this.at += token.length;
    // Behind the beginning it stands for a line end that was read: the beginning itself comes once.
    if (token === "^" && this.at > 1) return this.read(from, "[\\r\\n\\u2028\\u2029]");
    if (/^(?:\^|\$|\\b|\\B)$/.test(token)) return this.condition(from);
    return this.read(from, token);
  }

  private read(from: number, token: string): number {
    const to = this.state();
    this.edges[from]?.push({ atom: this.atom(token), to });
    return to;
  }

  /** Whether the pattern has matched in a state whatever comes: then nothing makes it go back. */
  hasMatched(state: number, seen = new Set<number>()): boolean {
    if (state === this.end) return true;
    seen.add(state);
    const free = (this.edges[state] ?? []).filter(
      ({ atom, conditional, to }) => atom === undefined && conditional === undefined && !seen.has(to),
    );
    return free.some(({ to }) => this.hasMatched(to, seen));
  }

  /** The places that can be read next from a state, once for each way there that takes no step twice. */
  next(state: number, taken: readonly Edge[] = []): { atom: number; to: number }[] {
    return (this.edges[state] ?? []).flatMap((edge) => {
      if (edge.atom !== undefined) return [{ atom: edge.atom, to: edge.to }];
      return taken.includes(edge) ? [] : this.next(edge.to, [...taken, edge]);
    });
  }
}

/** Whether the time of `pattern` may grow faster than the text; where it may, why. */
export function ambiguity(pattern: RegExp): string | undefined {
  const automaton = new Automaton(pattern);
  const states = new Set([
    0,
    ...automaton.edges.flat().flatMap(({ atom, to }) => (atom === undefined ? [] : [to])),
  ]);
  const moves = new Map([...states].map((state) => [state, automaton.next(state)]));
  const steps = (state: number, character: number) =>
    (moves.get(state) ?? []).filter(({ atom }) => automaton.atoms[atom]?.has(character)).map(({ to }) => to);
  // Characters that no atom tells apart are one.
  const kinds = [
    ...new Map(
      ALPHABET.map((_, at) => [automaton.atoms.map((atom) => Number(atom.has(at))).join(""), at] as const),
    ).values(),
  ];

  const loops = [...states].filter((state) => reaches(state, state));
  for (const state of loops) {
    const targets = (moves.get(state) ?? []).map(({ to }) => to);
    const double = targets.find((to, at) => targets.indexOf(to) !== at && reaches(to, state));
    if (double !== undefined) return "two ways through an empty loop";
  }
  for (const from of loops) {
    for (const to of loops)
      if (from !== to && !automaton.hasMatched(to) && twoWays(from, to))
        return "two loops over the same characters";
  }
  return undefined;

  function reaches(from: number, to: number): boolean {
    const seen = new Set<number>();
    const waiting = [from];
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      for (const next of (moves.get(state) ?? []).map((move) => move.to)) {
        if (next === to) return true;
        if (!seen.has(next)) waiting.push(next);
        seen.add(next);
      }
    }
    return false;
  }

  /** Whether some text leads from `from` back to itself and to `to`, and from `to` back to itself. */
  function twoWays(from: number, to: number): boolean {
    const seen = new Set<string>();
    let waiting: [number, number, number][] = [[from, from, to]];
    while (waiting.length > 0) {
      const reached: typeof waiting = [];
      for (const [a, b, c] of waiting) {
        for (const kind of kinds)
          for (const x of steps(a, kind))
            for (const y of steps(b, kind))
              for (const z of steps(c, kind)) {
                if (x === from && y === to && z === to) return true;
                const key = `${x} ${y} ${z}`;
                if (!seen.has(key)) reached.push([x, y, z]);
                seen.add(key);
              }
      }
      waiting = reached;
    }
    return false;
  }
}
