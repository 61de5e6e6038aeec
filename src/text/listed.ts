/** Names in one line: the first `most` of them, and a count of the rest. */
export function listed(names: readonly (string | number)[], most = 20): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
