import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from "node:zlib";

type Decode = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * A body without its content encodings, which we never ask for and a proxy may add all the same.
 * @param header `Content-Encoding`
 * @param longest the most bytes that may come of it
 */
export async function decodeBody(
  header: string | string[] | undefined,
  body: Buffer,
  longest: number,
): Promise<{ body: Buffer; fault?: undefined } | { fault: string }> {
  const names = [header ?? []].flat().flatMap((value) => value.split(","));
  const encodings = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  let decoded = body;
  // The last one named was applied last.
  for (const name of encodings.reverse()) {
    if (name === "identity") continue;
    const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (decode === undefined) {
      const shown = /^[\w-]{1,20}$/.test(name) ? ` ${name}` : "";
      return {
        fault: `the answer comes in a content encoding${shown} that was not asked for and is not known`,
      };
    }
    if (decoded.length === 0) continue;
    try {
      decoded = await decode(decoded, { maxOutputLength: longest });
    } catch {
      return { fault: `the answer cannot be decoded: its ${name} encoding is cut or damaged` };
    }
  }
  return { body: decoded };
}
