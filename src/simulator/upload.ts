import { FILE_TYPE, Refusal } from "./answer";

export type UploadForm = "raw" | "multipart" | "both";

/**
 * The file in the body of an upload: the body itself (LTRT-41760 section 6), or the part of a
 * `multipart/form-data` (later editions), whose name is not looked at.
 */
export function uploadedFile(type: string, body: Buffer, form: UploadForm): Buffer {
  if (/^multipart\/form-data\b/i.test(type)) {
    if (form === "raw") throw new Refusal(400, "The file is incorrect");
    return filePart(type, body);
  }
  if (form === "multipart") throw new Refusal(415, "The file must be sent as multipart/form-data");
  if (!type.toLowerCase().startsWith(FILE_TYPE))
    throw new Refusal(400, `The file must be sent as ${FILE_TYPE}`);
  return body;
}

/**
 * The text in an uploaded file: UTF-8 where the bytes are, else the ISO-8859-1 of older files.
 * @param what as the refusal names it
 * @throws Refusal where it is empty, or no text
 */
export function fileText(file: Buffer, what: string): string {
  if (file.length === 0) throw new Refusal(400, `The ${what} is empty`);
  if (file.includes(0)) throw new Refusal(400, `The ${what} is no text`);
  const text = file.toString("utf8");
  return Buffer.from(text).equals(file) ? text : file.toString("latin1");
}

function filePart(contentType: string, body: Buffer): Buffer {
  const boundary = /;\s*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new Refusal(400, "The multipart body has no boundary");
  if (body.indexOf(`--${boundary}\r\n`) !== 0) throw new Refusal(400, "The multipart body is incorrect");
  const headersEnd = body.indexOf("\r\n\r\n");
  const partEnd = body.indexOf(`\r\n--${boundary}`, headersEnd + 4);
  const closed = partEnd >= 0 && body.indexOf(`\r\n--${boundary}--`, partEnd) === partEnd;
  if (headersEnd < 0 || !closed) throw new Refusal(400, "The multipart body is incorrect");
  const headers = body.toString("utf8", 0, headersEnd);
  if (!/^content-disposition:\s*form-data\b.*;\s*filename=/im.test(headers))
    throw new Refusal(400, "The multipart body has no file");
  return body.subarray(headersEnd + 4, partEnd);
}
