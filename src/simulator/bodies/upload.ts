import { FILE_TYPE, Refusal } from "../answer";
import type { Behaviour } from "../behaviour";
import { BareFile, FilePart, type Unwrapper } from "./file-part";

/** In which form files are taken, and what the form of a part means. */
export interface UploadRules {
  upload: Behaviour["upload"];
  base64Parts: Behaviour["base64Parts"];
}

/**
 * What takes the file out of an upload with this content type.
 * @throws Refusal if files are not taken in this form
 */
export function unwrapperFor(type: string, { upload, base64Parts }: UploadRules): Unwrapper {
  if (/^multipart\/form-data\b/i.test(type)) {
    if (upload === "raw") throw new Refusal(400, "The file is incorrect");
    const boundary = /;\s*boundary="?([^";]+)"?/i.exec(type)?.[1];
    if (boundary === undefined) throw new Refusal(400, "The multipart body has no boundary");
    return new FilePart(boundary, base64Parts === "decoded");
  }
  if (upload === "multipart") throw new Refusal(400, "The file must be sent as multipart/form-data");
  if (!type.toLowerCase().startsWith(FILE_TYPE))
    throw new Refusal(400, `The file must be sent as ${FILE_TYPE}`);
  return new BareFile();
}

/** The file in a body that is here already. @throws Refusal */
export function uploadedFile(type: string, body: Buffer, rules: UploadRules): Buffer {
  const unwrapper = unwrapperFor(type, rules);
  const file = unwrapper.push(body);
  unwrapper.end();
  return file;
}

/**
 * The text in an uploaded file: UTF-8 where the bytes are, else the ISO-8859-1 of older files.
 * @param what as the refusal names it
 * @throws Refusal if it is empty, or no text
 */
export function fileText(file: Buffer, what: string): string {
  if (file.length === 0) throw new Refusal(400, `The ${what} is empty`);
  if (file.includes(0)) throw new Refusal(400, `The ${what} is not a text file`);
  const text = file.toString("utf8");
  return Buffer.from(text).equals(file) ? text : file.toString("latin1");
}
