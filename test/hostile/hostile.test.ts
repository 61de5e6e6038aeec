import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { execute } from "./execute";
import { inherited, PARSERS } from "./parsers";

/** Of each parser; `npm run hostile` goes on from there. */
const MUTATIONS = 400;
const SEED = 20_260_101;

describe("hostile input", () => {
  const before = inherited();
  for (const parser of PARSERS) {
    it(`${parser.name}: the corpus as it is`, () => {
      for (const bytes of parser.corpus) parser.bear(bytes);
    });

    it(`${parser.name}: the corpus with changes`, () => {
      for (let run = 0; run < MUTATIONS; run++) execute(parser, SEED, run);
    });
  }

  it("left nothing behind that all objects inherit", () => assert.deepEqual(inherited(), before));
});
