import type { Table } from "../../src/ini/configuration";

/** The large table of the benches: rows of four columns, as dial plans have them. */
export const DIAL_PLAN = "DialPlanRule";

export function dialPlan(rows: number): Table {
  return Object.fromEntries(
    Array.from({ length: rows }, (_, at) => [
      String(at),
      {
        DialPlanName: "branches",
        Name: `rule ${at}`,
        Prefix: `49${30_000_000 + at}`,
        Tag: `site${at % 400}`,
      },
    ]),
  );
}

/** The same as the part of an ini file. */
export function dialPlanIni(table: Table): string {
  const rows = Object.entries(table).map(
    ([index, { DialPlanName, Name, Prefix, Tag }]) =>
      `${DIAL_PLAN} ${index} = "${DialPlanName}", "${Name}", "${Prefix}", "${Tag}";`,
  );
  const format = "FORMAT Index = DialPlanName, Name, Prefix, Tag;";
  return [`[ ${DIAL_PLAN} ]`, "", format, ...rows, "", `[ \\${DIAL_PLAN} ]`, ""].join("\n");
}
