import { nameKey } from "./names";

/**
 * Columns that dumps of some firmware show and that no load may carry: the device alone sets them, and a FORMAT
 * line that names one can make the load fail (device manuals 5.8 to 7.0, "ini file tables").
 */
const READ_ONLY_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  PhysicalPortsTable: ["GroupStatus"],
  EtherGroupTable: ["GroupStatus"],
  PREFIX: ["ConnectivityStatus"],
  PstnPrefix: ["ConnectivityStatus"],
  TLSContexts: ["CertificateStatus"],
  DeviceTable: ["Status"],
};

const keys = new Set(
  Object.entries(READ_ONLY_COLUMNS).flatMap(([table, columns]) =>
    columns.map((column) => nameKey(`${table}.${column}`)),
  ),
);

export function isReadOnlyColumn(table: string, column: string): boolean {
  return keys.has(nameKey(`${table}.${column}`));
}
