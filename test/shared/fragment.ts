import { NameMap } from "../../src/ini/names";
import type { Fragment } from "../../src/reconcile/ini/fragment";
import { nothingToRestore } from "../../src/reconcile/ini/restore";

/** What a resource of an ini brings to a turn: nothing, but for what is given. */
export function fragment(more: Partial<Fragment> = {}): Fragment {
  return {
    ...nothingToRestore(),
    label: "one",
    declared: { parameters: {}, tables: {} },
    ownTables: [],
    mayBeAtDefault: () => false,
    forms: new NameMap(),
    order: [],
    isSecret: () => false,
    allowLossOfAccess: false,
    ...more,
  };
}
