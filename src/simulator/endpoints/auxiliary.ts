import { type Answer, description, JSON_TYPE, Refusal } from "../answer";
import { AUXILIARY_KINDS } from "../device/auxiliary-files";
import type { Endpoint, StreamCall } from "./endpoint";

/** The auxiliary files, which can be loaded and not be read back (LTRT-41760 section 6.4). */
export const AUXILIARY_ENDPOINTS: Endpoint[] = Object.keys(AUXILIARY_KINDS).map((kind) => ({
  path: `/api/v1/files/${kind}`,
  methods: {
    PUT: {
      level: "Administrator",
      produces: JSON_TYPE,
      takesFile: "streamed",
      run: (call) => load(kind, call),
    },
  },
}));

function load(kind: string, { device, file }: StreamCall): Answer {
  if (isText(file.head)) throw new Refusal(400, `The ${kind} file is incorrect`);
  const { size, sha256 } = file;
  device.loadAuxiliaryFile(kind, { fileName: nameOf(kind, file.fileName), size, sha256 });
  // The manual shows no answer; later firmware describes what it did.
  return device.dialect.old ? { status: 200 } : description(200, `The ${kind} file was loaded.`);
}

/** The device takes the binary form alone; the text that it is made of has no other control characters. */
const isText = (head: Buffer): boolean => !/[^\t\r\n\x20-\xff]/.test(head.toString("latin1"));

/** No ini file could carry a name with a quote or a line end. */
function nameOf(kind: string, given: string | undefined): string {
  const name = given?.replace(/^.*[/\\]/s, "") ?? "";
  return /^[^'"\p{Cc}]+$/u.test(name) ? name : `${kind}.dat`;
}
