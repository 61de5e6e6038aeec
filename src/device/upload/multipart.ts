import { randomBytes } from "node:crypto";

/** What stands around one file in an upload. */
export interface UploadFrame {
  headers: { "content-type": string };
  /** Bytes before the file, and behind it. */
  head: Buffer;
  tail: Buffer;
}

const nothing = Buffer.alloc(0);

/** The form in which 7.0 takes files: as they are. LTRT-41760 section 6. */
export const bareFrame: UploadFrame = {
  headers: { "content-type": "application/octet-stream" },
  head: nothing,
  tail: nothing,
};

/**
 * A file's name as the form has it: without what would end the quotes or the line, what a device that looks for `;`
 * without minding quotes would take for the next parameter, and what devices may read in another character set.
 */
export function nameInForm(fileName: string): string {
  return fileName.replace(/[^ -~]|["\\;]/g, "_");
}

/** The form in which later editions take files: `multipart/form-data` with one part `file` of type octet-stream. */
export function multipartFrame(fileName: string): UploadFrame {
  // 144 random bits: no file will contain the boundary by accident.
  const boundary = `pulumi-mediant-${randomBytes(18).toString("hex")}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${nameInForm(fileName)}"`,
    "Content-Type: application/octet-stream",
    "",
    "",
  ];
  return {
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    head: Buffer.from(head.join("\r\n")),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}
