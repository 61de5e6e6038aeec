import { randomBytes } from "node:crypto";

/** The frame around one file in a `multipart/form-data` upload. */
export interface MultipartFrame {
  contentType: string;
  /** Bytes before the file, and behind it. */
  head: Buffer;
  tail: Buffer;
}

/** The form in which later editions take files: one part `file` of type octet-stream. */
export function multipartFrame(fileName: string): MultipartFrame {
  // 144 random bits: a file that holds them by chance is not to be feared.
  const boundary = `pulumi-mediant-${randomBytes(18).toString("hex")}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${fileName}"`,
    "Content-Type: application/octet-stream",
    "",
    "",
  ];
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: Buffer.from(head.join("\r\n")),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}
