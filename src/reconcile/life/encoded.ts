import { type Encoding, encodeIni } from "../../ini/encoding";
import { ReconcileError } from "./errors";

/** A declared text in the bytes of the device's configuration. @throws ReconcileError if those have no form for a character */
export function encoded(text: string, encoding: Encoding): Buffer {
  const body = encodeIni(text, encoding);
  if (body !== undefined) return body;
  throw new ReconcileError([
    "the device's configuration is ISO-8859-1, which has no form for a declared character",
  ]);
}
